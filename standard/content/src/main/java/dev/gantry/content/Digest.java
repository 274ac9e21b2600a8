// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The name of some bytes: `sha256:` and 64 lowercase hex digits, nothing before or after (MI-063).
///
/// Only SHA-256 is supported; a manifest that names another algorithm is invalid as a whole (MI-068).
public record Digest(String value) implements Comparable<Digest> {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String PREFIX = "sha256:";

    public Digest {
        if (!FORM.matcher(value).matches()) {
            throw Fault.invalid("not a sha256 digest: " + Text.quoted(value));
        }
    }

    /// The digest of exactly these bytes.
    public static Digest of(byte[] bytes) {
        return ofHash(sha256().digest(bytes));
    }

    /// The digest whose 32 bytes a caller has computed itself, while streaming for example.
    public static Digest ofHash(byte[] hash) {
        return new Digest(PREFIX + HexFormat.of().formatHex(hash));
    }

    /// A fresh SHA-256, for callers that hash while they stream; finish with [#ofHash(byte[])].
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Whether a text is a digest, for routers that must not fail on foreign paths.
    public static boolean isDigest(String text) {
        return FORM.matcher(text).matches();
    }

    /// The 64 hex digits without the algorithm.
    public String hex() {
        return value.substring(PREFIX.length());
    }

    @Override
    public int compareTo(Digest other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
