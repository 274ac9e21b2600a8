// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import dev.gantry.content.Fault;

/// How much telemetry is taken and kept.
///
/// @param messageBytes of one message, packed or unpacked; more is answered 413
/// @param ringBytes on disk; when they are used up the oldest segment goes
/// @param segments files that the ring consists of
public record RingLimits(int messageBytes, long ringBytes, int segments) {
    public static final RingLimits DEFAULT = new RingLimits(4 << 20, 64 << 20, 8);

    public RingLimits {
        if (messageBytes < 1 || segments < 2 || ringBytes / segments < messageBytes) {
            throw Fault.invalid("a segment of the telemetry ring must hold at least one message");
        }
    }

    long segmentBytes() {
        return ringBytes / segments;
    }
}
