// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs steps for a while, each over and over on a thread of its own, and says what a server's process spent meanwhile.
final class Load {
    private static final long MICROS = 1_000;

    private Load() {}

    /// What one client does again and again.
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /// What came of one window.
    ///
    /// @param requests answered as they should be
    /// @param wall what the window took
    /// @param cpu what the server's process spent in it
    /// @param late within which time 99 of 100 were answered
    record Result(long requests, Duration wall, Duration cpu, Duration late) {
        double perSecond() {
            return requests / (wall.toNanos() / 1e9);
        }

        /// Microseconds of the server's CPU for one request.
        double cpuMicros() {
            return (double) cpu.toNanos() / MICROS / requests;
        }

        double lateMillis() {
            return late.toNanos() / 1e6;
        }
    }

    /// @throws IOException when a step fails, or none ended within the window
    static Result run(ServerProcess server, Duration window, List<Step> steps)
            throws IOException, InterruptedException {
        var work = new ArrayList<Callable<Latencies>>();
        Duration before = server.cpu();
        long start = System.nanoTime();
        for (Step step : steps) {
            work.add(() -> repeat(step, start + window.toNanos()));
        }
        var all = new Latencies();
        try (ExecutorService threads = Executors.newFixedThreadPool(steps.size())) {
            for (Future<Latencies> done : threads.invokeAll(work)) {
                all.add(done.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("the " + server.name() + " failed under load: " + e.getCause(), e);
        }
        long end = System.nanoTime();
        Duration spent = server.cpu().minus(before);
        if (all.count() == 0 || spent.isZero()) {
            throw new IOException("the " + server.name() + " did too little in " + window + " to be measured");
        }
        return new Result(all.count(), Duration.ofNanos(end - start), spent, all.within(0.99));
    }

    private static Latencies repeat(Step step, long until) throws IOException {
        var latencies = new Latencies();
        for (long begun = System.nanoTime(); begun - until < 0; ) {
            step.run();
            long now = System.nanoTime();
            latencies.add(now - begun);
            begun = now;
        }
        return latencies;
    }

    /// Counts by time, in steps of an eighth of a power of two, so that any number of them needs the same memory.
    static final class Latencies {
        private static final int PARTS = 8;

        private final long[] counts = new long[Long.SIZE * PARTS];
        private long count;

        void add(long nanos) {
            counts[slot(nanos)]++;
            count++;
        }

        void add(Latencies others) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += others.counts[i];
            }
            count += others.count;
        }

        long count() {
            return count;
        }

        /// A time within which this share ended, at most an eighth too long.
        Duration within(double share) {
            long wanted = (long) Math.ceil(count * share);
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= wanted) {
                    return Duration.ofNanos(end(i));
                }
            }
            return Duration.ZERO;
        }

        private static int slot(long nanos) {
            long least = Math.max(nanos, PARTS);
            int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(least);
            int part = (int) (least >>> (power - 3)) & (PARTS - 1);
            return power * PARTS + part;
        }

        private static long end(int slot) {
            int power = slot / PARTS;
            int part = slot % PARTS;
            return (1L << power) + (part + 1L) * (1L << power) / PARTS;
        }
    }
}
