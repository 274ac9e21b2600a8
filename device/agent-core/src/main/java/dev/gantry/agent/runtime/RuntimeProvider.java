// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

/// Finds out whether an engine is there, and makes a [Runtime] of it. Listed in
/// `META-INF/services/dev.gantry.agent.runtime.RuntimeProvider`.
public interface RuntimeProvider {
    /// The name in settings and logs: `wasm`, `compose`.
    String name();

    /// The runtime, or why this device cannot have it.
    Found find(Surroundings surroundings);

    /// What was found.
    sealed interface Found {
        /// The engine is there.
        record Ready(Runtime runtime) implements Found {}

        /// The engine is not there.
        ///
        /// @param reason for the log and for `gantry doctor`, with what to do about it
        record Missing(String reason) implements Found {}
    }
}
