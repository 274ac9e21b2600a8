// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A text that must never be seen: a password, a token, an API key. It prints as `[hidden]`, so that no log,
/// error or
/// record shows it by accident; who needs the text itself says so with [#reveal()].
public final class Secret {
    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /// The text itself, for the one call that sends or checks it.
    public String reveal() {
        return text;
    }

    /// Compares in a time that does not depend on where the first difference is.
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "[hidden]";
    }
}
