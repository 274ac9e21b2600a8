// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a request or a response carries: bytes in memory, a part of a file, or a stream that can be read once.
public sealed interface Body {
    /// Bytes in memory: what nearly every exchange of the standard carries.
    record Bytes(Blob blob) implements Body {}

    /// A range of a file, for blobs of a registry.
    record FilePart(Path file, long offset, long length) implements Body {}

    /// A stream that is read once; `length` is -1 when it is not known before.
    record Stream(InputStream stream, long length) implements Body {}

    /// No bytes. A constant here would let two threads wait for each other when both use this type first.
    static Body empty() {
        return new Bytes(Blob.EMPTY);
    }

    static Body of(Blob blob) {
        return new Bytes(blob);
    }

    /// Length in bytes, or -1 when it is not known before the end.
    default long length() {
        return switch (this) {
            case Bytes(var blob) -> blob.size();
            case FilePart(var _, var _, var length) -> length;
            case Stream(var _, var length) -> length;
        };
    }

    /// The bytes as a stream; the reader closes it.
    default InputStream open() throws IOException {
        return switch (this) {
            case Bytes(var blob) -> new ByteArrayInputStream(blob.toByteArray());
            case FilePart(var file, var offset, var length) -> part(file, offset, length);
            case Stream(var stream, var _) -> stream;
        };
    }

    private static InputStream part(Path file, long offset, long length) throws IOException {
        InputStream whole = Files.newInputStream(file);
        try {
            whole.skipNBytes(offset);
            return new BoundedStream(whole, length);
        } catch (IOException e) {
            whole.close();
            throw e;
        }
    }

    /// All bytes in memory; more than `limit` of them are `INVALID`.
    default Blob whole(int limit) {
        if (this instanceof Bytes(var blob) && blob.size() <= limit) {
            return blob;
        }
        try (InputStream in = open()) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw Fault.invalid("the body has more than " + limit + " bytes");
            }
            return Blob.of(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("the body broke off", e);
        }
    }
}
