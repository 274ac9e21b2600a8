// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

/// How the process ends, as its exit code.
enum Exit {
    /// It was asked to end.
    ASKED(0),
    /// A bug, or trouble that has no code of its own.
    BROKEN(1),
    /// A setting is missing, misspelt or makes no sense.
    SETTINGS(2),
    /// The state folder, or a port, cannot be used.
    UNUSABLE(3),
    /// The identity service refused the enrolment token, or there is none.
    NOT_ENROLLED(4),
    /// Another agent uses the same state folder.
    IN_USE(5);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
