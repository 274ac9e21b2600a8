// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import org.jspecify.annotations.Nullable;

/// The agent cannot start. The message says what happened, to what, and what to do next.
final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Exit exit;

    CannotStart(Exit exit, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exit = exit;
    }

    Exit exit() {
        return exit;
    }
}
