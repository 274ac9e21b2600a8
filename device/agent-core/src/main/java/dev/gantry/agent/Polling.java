// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.time.Duration;

/// How often the device asks and tries again; the end user's settings (MI-123).
///
/// @param every between two polls
/// @param jitter fraction of `every` by which each poll is moved at random, so that a fleet does not ask at once
/// @param retryFirst wait after the first failure of any kind; it doubles from there
/// @param retryMost longest wait between two tries
/// @param startWithin how long a component may take to run when its deployment does not say
/// @param look how long at most nobody looks whether workloads still run
@Requirement("MI-123")
public record Polling(
        Duration every, double jitter, Duration retryFirst, Duration retryMost, Duration startWithin, Duration look) {
    public static final Polling DEFAULT = new Polling(
            Duration.ofMinutes(1),
            0.1,
            Duration.ofSeconds(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5));

    public Polling {
        if (every.isNegative() || every.isZero() || jitter < 0 || jitter > 0.5) {
            throw Fault.invalid("polling needs an interval above zero and a jitter from 0 to 0.5");
        }
    }

    /// This polling at another rate.
    public Polling every(Duration interval) {
        return new Polling(interval, jitter, retryFirst, retryMost, startWithin, look);
    }

    /// No wait is longer than this, chance included.
    Duration longest() {
        return retryMost.multipliedBy(2);
    }

    /// How long to wait after this many failures in a row, before chance is added.
    Duration backoff(int failures) {
        Duration wait = retryFirst;
        for (int i = 1; i < failures && wait.compareTo(retryMost) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(retryMost) < 0 ? wait : retryMost;
    }
}
