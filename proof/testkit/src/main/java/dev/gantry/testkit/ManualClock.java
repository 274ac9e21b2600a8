// SPDX-License-Identifier: Apache-2.0
package dev.gantry.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is turned.
public final class ManualClock implements InstantSource {
    private Instant now;

    public ManualClock(Instant start) {
        now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /// Turns the clock, backwards too.
    public synchronized void turn(Duration by) {
        now = now.plus(by);
    }
}
