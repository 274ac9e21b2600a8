// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.content.Fault;
import java.time.Duration;

/// How long to measure, and how much.
///
/// @param warmUp of each server with each kind of load before anything counts
/// @param window of one measurement
/// @param rounds measurements of each server, in turns, so that a disturbance of the machine hits all of them; the
/// median
///     counts
/// @param connections of the load generator, each under the SVID of a client of its own, one request at a time
/// @param devices of the large fleet
record Plan(Duration warmUp, Duration window, int rounds, int connections, int devices) {
    /// Some three minutes.
    static final Plan QUICK = new Plan(Duration.ofSeconds(5), Duration.ofSeconds(3), 5, 32, 10_000);

    /// Some ten minutes or more, for figures that are written down.
    static final Plan FULL = new Plan(Duration.ofSeconds(15), Duration.ofSeconds(10), 7, 32, 10_000);

    Plan {
        if (!warmUp.isPositive() || !window.isPositive() || rounds < 1 || connections < 1 || devices < connections) {
            throw Fault.invalid("a plan has positive times, and at least as many devices as connections");
        }
    }
}
