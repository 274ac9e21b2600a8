// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void whatWasUsedTooMuchIsWaitedOutAtTheNextCall() {
        var pace = new Pace(250);
        assertFalse(pace.sample(0, SECOND));
        assertEquals(Duration.ZERO, pace.pause());
        pace.sample(300_000_000, 2 * SECOND);
        assertEquals(Duration.ofMillis(200), pace.pause());
    }

    @Test
    void whoStaysAtItsShareNeverWaits() {
        var pace = new Pace(250);
        for (int i = 1; i < 100; i++) {
            assertFalse(pace.sample(i * SECOND / 4, i * SECOND));
            assertEquals(Duration.ZERO, pace.pause());
        }
    }

    @Test
    void whoComputesAboveItsShareWithoutACallIsOverItsLimitInTheEnd() {
        var pace = new Pace(250);
        int i = 1;
        while (!pace.sample(i * SECOND, i * SECOND)) {
            i++;
        }
        assertEquals(Pace.PATIENCE.toSeconds() + 2, i);
    }

    @Test
    void aFloodIsCutAtItsRateAndLongLinesAreCutToTheirLength() {
        var seen = new ArrayList<Event>();
        var budget = new Lines.Budget(100_000, System.nanoTime());
        try (var lines = new Lines(false, budget, seen::add)) {
            lines.write(
                    "x".repeat(Plan.Limits.LINE_BYTES + 5).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    0,
                    Plan.Limits.LINE_BYTES + 5);
        }
        assertEquals(
                List.of(Plan.Limits.LINE_BYTES, 5),
                seen.stream().map(event -> ((Event.Line) event).text().length()).toList());
    }

    @Test
    void aBudgetIsFilledAgainByTime() {
        var budget = new Lines.Budget(10_000, 0);
        assertTrue(budget.take(10_000, 0));
        assertFalse(budget.take(5_000, SECOND / 4));
        assertTrue(budget.take(5_000, SECOND / 2));
        assertEquals(1, budget.dropped());
        assertEquals(0, budget.dropped());
    }
}
