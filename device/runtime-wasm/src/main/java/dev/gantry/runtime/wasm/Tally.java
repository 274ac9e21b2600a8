// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.util.Map;
import java.util.TreeMap;

/// What happened to one workload since this agent started, in numbers (webassembly §13).
final class Tally {
    private long starts;
    private long droppedLines;
    private final Map<String, Long> denied = new TreeMap<>();
    private final Map<String, Long> falls = new TreeMap<>();

    synchronized void started() {
        starts++;
    }

    synchronized void dropped(int lines) {
        droppedLines += lines;
    }

    synchronized void denied(String grant, int times) {
        denied.merge(grant, (long) times, Long::sum);
    }

    synchronized void fell(String code) {
        falls.merge(code, 1L, Long::sum);
    }

    synchronized Counts counts() {
        return new Counts(starts, droppedLines, denied, falls);
    }
}
