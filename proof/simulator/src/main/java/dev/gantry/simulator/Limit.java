// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import java.time.Duration;

/// How long to wait for something to come true before it counts as never.
///
/// @param time as the simulation counts it
public record Limit(int events, Duration time) {
    /// At most this many events, whatever time they take.
    public static Limit events(int count) {
        return new Limit(count, Duration.ofDays(365));
    }

    /// The same, and no longer than this.
    public Limit within(Duration most) {
        return new Limit(events, most);
    }
}
