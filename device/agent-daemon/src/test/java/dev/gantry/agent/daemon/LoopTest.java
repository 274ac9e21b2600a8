// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static Loop loop(List<Supplier<Duration>> steps) {
        Deque<Supplier<Duration>> rest = new ArrayDeque<>(steps);
        return new Loop("test", () -> rest.pop().get());
    }

    private static Duration broken() {
        throw new IllegalStateException("a bug");
    }

    private static Duration full() {
        throw new Fault(Fault.Kind.UNAVAILABLE, "the disk is full");
    }

    @Test
    void itRestsAsLongAsTheStepSaysButNeverTooLong() {
        Loop loop = loop(List.of(() -> Duration.ofSeconds(7), () -> Duration.ofDays(3), () -> Duration.ZERO));

        assertEquals(Duration.ofSeconds(7), loop.turn());
        assertEquals(Loop.LONGEST, loop.turn());
        assertEquals(Duration.ZERO, loop.turn());
    }

    @Test
    void aStepThatBreaksEndsOnlyItselfAndThePauseGrows() {
        Loop loop = loop(
                List.of(LoopTest::broken, LoopTest::full, LoopTest::broken, () -> Duration.ZERO, LoopTest::broken));

        assertEquals(Loop.FIRST_PAUSE, loop.turn());
        assertEquals(Loop.FIRST_PAUSE.multipliedBy(2), loop.turn());
        assertEquals(Loop.FIRST_PAUSE.multipliedBy(4), loop.turn());
        assertEquals(Duration.ZERO, loop.turn());
        assertEquals(Loop.FIRST_PAUSE, loop.turn());
    }

    @Test
    void thePauseAfterTroubleHasALimit() {
        var loop = new Loop("test", LoopTest::broken);
        for (int i = 0; i < 1_000; i++) {
            loop.turn();
        }

        assertEquals(Loop.MOST_PAUSE, loop.turn());
    }

    @Test
    void aRequestToStopWakesItFromALongRest() throws InterruptedException {
        var rested = new CountDownLatch(1);
        var steps = new AtomicInteger();
        var loop = new Loop("test", () -> {
            steps.incrementAndGet();
            rested.countDown();
            return Duration.ofDays(1);
        });
        Thread owner = Thread.ofVirtual().start(loop::run);
        rested.await();

        loop.stop();

        assertTrue(loop.ends(Duration.ofSeconds(30)));
        owner.join();
        assertEquals(1, steps.get());
    }

    @Test
    void aLoopThatWasNotStoppedHasNotEnded() throws InterruptedException {
        assertFalse(new Loop("test", () -> Duration.ZERO).ends(Duration.ZERO));
    }
}
