// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.content.Fault;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls a step again and again on the one thread that owns it, until it is asked to stop. A step that throws has
/// ended only itself: the next one comes after a pause that doubles up to [#MOST_PAUSE].
///
/// ```text
///  turn() ──► pause, or a stop ──► turn() ──► … ──► stopped
/// ```
final class Loop {
    /// After the first step that broke.
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /// The longest pause after steps that broke.
    static final Duration MOST_PAUSE = Duration.ofMinutes(1);

    /// Nobody sleeps longer without a look, because clocks jump.
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int KINDS = 100;

    private final String name;
    private final Supplier<Duration> step;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Set<String> known = new HashSet<>();
    private int broken;

    /// @param name for the log
    /// @param step says how long there is nothing to do after it
    Loop(String name, Supplier<Duration> step) {
        this.name = name;
        this.step = step;
    }

    /// Steps until [#stop], on the calling thread.
    void run() {
        try {
            while (!stop.await(turn().toNanos(), TimeUnit.NANOSECONDS)) {
                // Each round does one step.
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    /// Does one step, and says how long to pause after it.
    Duration turn() {
        try {
            Duration pause = step.get();
            broken = 0;
            return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
        } catch (RuntimeException e) {
            broken++;
            report(e);
            Duration pause = FIRST_PAUSE;
            for (int i = 1; i < broken && pause.compareTo(MOST_PAUSE) < 0; i++) {
                pause = pause.multipliedBy(2);
            }
            return pause.compareTo(MOST_PAUSE) < 0 ? pause : MOST_PAUSE;
        }
    }

    /// Each kind of trouble once, so that a full disk does not fill the log too.
    private void report(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        String kind = e instanceof Fault fault
                ? fault.getMessage()
                : e.getClass().getName() + (trace.length == 0 ? "" : trace[0].toString());
        if (known.size() >= KINDS) {
            known.clear();
        }
        if (!known.add(kind)) {
            return;
        }
        if (e instanceof Fault fault && fault.kind() != Fault.Kind.BROKEN) {
            LOG.atWarn()
                    .addKeyValue("loop", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("step was not possible");
        } else {
            LOG.atError().addKeyValue("loop", name).setCause(e).log("step broke");
        }
    }

    /// Asks the loop to end after the step that runs now.
    void stop() {
        stop.countDown();
    }

    /// Waits for the end of the loop.
    ///
    /// @return whether it has ended in this time
    boolean ends(Duration within) throws InterruptedException {
        return stopped.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }
}
