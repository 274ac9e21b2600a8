// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import org.jspecify.annotations.Nullable;

/// A workload could not be started or removed. What it says goes into the status of the component (MI-119).
public final class WorkloadException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final boolean again;

    /// @param code as the status reports it, `WASM_INVALID_MODULE` for example
    /// @param again whether trying the same once more later may help
    public WorkloadException(String code, String message, boolean again, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.again = again;
    }

    public String code() {
        return code;
    }

    public boolean again() {
        return again;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
