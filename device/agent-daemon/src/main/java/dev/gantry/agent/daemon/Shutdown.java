// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the process ends: what was opened is closed in the opposite order, whether the start has failed or
/// somebody has asked for the end (SIGTERM). For the main thread; only the request comes from another one.
final class Shutdown implements AutoCloseable {
    /// What a running step gets to finish.
    static final Duration GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread main = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread request = new Thread(this::requested, "agent-stop");
    private volatile @Nullable Loop loop;
    private volatile boolean asked;

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(request);
    }

    /// Closes this in the end.
    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /// Stops this loop when the end is asked for.
    Loop stepping(Loop running) {
        loop = running;
        if (asked) {
            running.stop();
        }
        return running;
    }

    private void requested() {
        asked = true;
        Loop running = loop;
        if (running == null) {
            main.interrupt();
        } else {
            running.stop();
        }
        try {
            if (!closed.await(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.atWarn().addKeyValue("grace", GRACE).log("step did not end in time and was cut off");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(Exit.ASKED.code());
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.atError().setCause(e).log("something was not closed");
            }
        }
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(request);
        } catch (IllegalStateException _) {
            // The end was asked for; the request itself ends the process.
        }
    }
}
