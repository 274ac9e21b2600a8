// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.util.Map;

/// What happened to one workload since this agent started, in numbers (webassembly §13).
///
/// @param starts of instances
/// @param droppedLines because of the log rate
/// @param denied calls without a grant, by the grant that was missing (WA-05)
/// @param falls bad endings by error code
public record Counts(long starts, long droppedLines, Map<String, Long> denied, Map<String, Long> falls) {
    public Counts {
        denied = Map.copyOf(denied);
        falls = Map.copyOf(falls);
    }
}
