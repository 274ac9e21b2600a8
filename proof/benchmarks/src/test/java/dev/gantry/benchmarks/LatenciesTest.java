// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
    @ParameterizedTest
    @ValueSource(longs = {8, 15, 16, 1_000, 123_456_789, 1L << 40})
    void aTimeIsToldAtMostAnEighthTooLong(long nanos) {
        var latencies = new Load.Latencies();
        latencies.add(nanos);
        long told = latencies.within(1).toNanos();
        assertTrue(told > nanos && told <= nanos + nanos / 8 + 1, () -> told + " for " + nanos);
    }

    @Test
    void aShareLeavesOutTheSlowest() {
        var fast = new Load.Latencies();
        for (int i = 0; i < 99; i++) {
            fast.add(1_000);
        }
        var slow = new Load.Latencies();
        slow.add(1_000_000);
        fast.add(slow);
        assertEquals(100, fast.count());
        assertTrue(fast.within(0.99).toNanos() < 1_200);
        assertTrue(fast.within(1).toNanos() > 1_000_000);
    }
}
