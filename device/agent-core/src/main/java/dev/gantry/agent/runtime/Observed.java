// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import dev.gantry.content.Digest;

/// A workload as it is.
///
/// @param revision that runs, or that was tried last
public record Observed(WorkloadId id, Digest revision, Condition condition) {
    /// How a workload is doing.
    public sealed interface Condition {
        /// It is being started.
        record Starting() implements Condition {}

        /// It runs, or has done its work when it is one that ends.
        record Running() implements Condition {}

        /// It does not run, or not as it should, and starting it again by itself is no longer expected to help.
        ///
        /// @param code as the status reports it, `WASM_TRAP` for example
        record Failed(String code, String message) implements Condition {}

        /// It is being removed.
        record Stopping() implements Condition {}
    }
}
