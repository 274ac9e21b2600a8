// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Some bytes that never change, and their digest. What is hashed, stored, sent and forwarded is always these
/// bytes;
/// nothing is ever serialised a second time to find out its digest (MI-064, MI-065).
public final class Blob {
    /// No bytes at all.
    public static final Blob EMPTY = new Blob(new byte[0]);

    private final byte[] bytes;
    private final Digest digest;

    private Blob(byte[] owned) {
        bytes = owned;
        digest = Digest.of(owned);
    }

    /// A blob of a copy of these bytes.
    public static Blob of(byte[] bytes) {
        return new Blob(bytes.clone());
    }

    /// A blob of the UTF-8 bytes of a text.
    public static Blob utf8(String text) {
        return new Blob(text.getBytes(StandardCharsets.UTF_8));
    }

    public Digest digest() {
        return digest;
    }

    /// Length in bytes.
    public int size() {
        return bytes.length;
    }

    public byte[] toByteArray() {
        return bytes.clone();
    }

    /// A read-only view; no copy.
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    /// The bytes as UTF-8 text; bytes that are not UTF-8 are `INVALID`.
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Fault(Fault.Kind.INVALID, "the text is not UTF-8", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Blob blob && digest.equals(blob.digest) && Arrays.equals(bytes, blob.bytes);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return bytes.length + " bytes " + digest;
    }
}
