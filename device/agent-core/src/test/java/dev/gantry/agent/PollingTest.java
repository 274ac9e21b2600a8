// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PollingTest {
    @Test
    void waitsDoubleUpToTheLongest() {
        assertEquals(
                List.of(2L, 4L, 8L, 16L, 32L, 64L, 120L, 120L),
                IntStream.rangeClosed(1, 8)
                        .mapToObj(failures -> Bench.POLLING.backoff(failures).toSeconds())
                        .toList());
        assertEquals(Duration.ofMinutes(2), Bench.POLLING.backoff(Integer.MAX_VALUE));
    }

    @Test
    @Requirement("MI-123")
    void aPollingWithoutAnIntervalOrWithTooMuchChanceIsRefused() {
        assertThrows(Fault.class, () -> Polling.DEFAULT.every(Duration.ZERO));
        assertThrows(Fault.class, () -> Polling.DEFAULT.every(Duration.ofSeconds(-1)));
        for (double jitter : new double[] {-0.1, 0.6}) {
            assertThrows(
                    Fault.class,
                    () -> new Polling(
                            Duration.ofMinutes(1),
                            jitter,
                            Duration.ofSeconds(1),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(1),
                            Duration.ofSeconds(1)));
        }
    }
}
