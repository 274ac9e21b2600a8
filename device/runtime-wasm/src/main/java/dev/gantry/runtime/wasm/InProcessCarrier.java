// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Runs modules on threads of this process: quick and small, for trusted modules. Memory, files and calls are bounded
/// as everywhere; a module that exhausts the heap by other means takes the process with it.
final class InProcessCarrier implements Carrier {
    private static final Duration TICK = Duration.ofMillis(250);

    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("wasm-ticker").factory());

    @Override
    public Carried start(Launch launch, Consumer<Event> events) {
        var ended = new AtomicBoolean();
        Consumer<Event> once = event -> {
            if (!(event instanceof Event.Ended) || ended.compareAndSet(false, true)) {
                events.accept(event);
            }
        };
        var guest = new Guest(launch, once);
        ScheduledFuture<?> ticks = ticker.scheduleAtFixedRate(
                () -> {
                    if (!ended.get()) {
                        long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(guest.threadId());
                        guest.tick(() -> Math.max(0, used));
                    }
                },
                TICK.toMillis(),
                TICK.toMillis(),
                TimeUnit.MILLISECONDS);
        guest.start();
        return new Carried() {
            @Override
            public void stop() {
                ticks.cancel(false);
                guest.interrupt(new Event.Ended("", "was stopped"));
            }

            @Override
            public void kill() {
                stop();
                once.accept(new Event.Ended("", "was given up"));
            }
        };
    }

    @Override
    public void clear(Path locks) {
        // Instances of an earlier agent went with its process.
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
