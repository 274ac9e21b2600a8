// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gantry.runtime.wasm.Plan.Restart.Policy;
import dev.gantry.runtime.wasm.Restarts.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RestartsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Event.Ended TRAPPED = new Event.Ended("WASM_TRAP", "trapped");

    private static Plan.Restart policy(Policy policy, int max) {
        return new Plan.Restart(policy, max, Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        var earlier = new ArrayList<Instant>();
        var pauses = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            var again = assertInstanceOf(
                    Next.Again.class, Restarts.after(TRAPPED, policy(Policy.ON_FAILURE, 5), earlier, NOW));
            pauses.add(again.pause().toSeconds());
            earlier.add(NOW);
        }
        assertEquals(List.of(1L, 2L, 4L, 5L, 5L), pauses);
        assertInstanceOf(Next.GiveUp.class, Restarts.after(TRAPPED, policy(Policy.ON_FAILURE, 5), earlier, NOW));
    }

    @Test
    void oldRestartsNoLongerCount() {
        List<Instant> old = List.of(NOW.minus(Duration.ofMinutes(11)), NOW.minus(Duration.ofMinutes(10)));
        assertEquals(
                new Next.Again(Duration.ofSeconds(1)), Restarts.after(TRAPPED, policy(Policy.ON_FAILURE, 1), old, NOW));
    }

    @Test
    void everyPolicyMeetsBothEndings() {
        assertInstanceOf(Next.Done.class, Restarts.after(Event.Ended.WELL, policy(Policy.NEVER, 5), List.of(), NOW));
        assertInstanceOf(
                Next.Done.class, Restarts.after(Event.Ended.WELL, policy(Policy.ON_FAILURE, 5), List.of(), NOW));
        assertInstanceOf(Next.Again.class, Restarts.after(Event.Ended.WELL, policy(Policy.ALWAYS, 5), List.of(), NOW));
        assertInstanceOf(Next.GiveUp.class, Restarts.after(TRAPPED, policy(Policy.NEVER, 5), List.of(), NOW));
        assertInstanceOf(Next.Again.class, Restarts.after(TRAPPED, policy(Policy.ALWAYS, 5), List.of(), NOW));
    }

    @Test
    void whatWillNeverWorkIsNotTriedAgain() {
        var invalid = new Event.Ended("WASM_INVALID_MODULE", "no");
        assertInstanceOf(Next.GiveUp.class, Restarts.after(invalid, policy(Policy.ALWAYS, 5), List.of(), NOW));
    }
}
