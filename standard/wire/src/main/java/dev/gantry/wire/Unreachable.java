// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import org.jspecify.annotations.Nullable;

/// There was no answer: nobody knows whether the request was carried out, so only repeatable requests may be sent
/// again.
public final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    public Unreachable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public Unreachable(String message) {
        this(message, null);
    }
}
