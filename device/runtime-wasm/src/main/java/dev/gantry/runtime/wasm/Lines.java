// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Turns what a module writes into lines, each at most [Plan.Limits#LINE_BYTES] long, and never more per second than
/// its limit: a flood is dropped and counted, so that neighbours keep their place on the disk (WA-06).
final class Lines extends OutputStream {
    /// How many bytes may still be written now; refilled with time up to one second's worth. Shared by both streams.
    static final class Budget {
        private static final long NANOS = 1_000_000_000L;
        private final long rate;
        private final double most;
        private double left;
        private long at;
        private int dropped;

        /// @param rate bytes per second
        /// @param now in nanoseconds of any clock that only goes forward
        Budget(long rate, long now) {
            this.rate = rate;
            this.most = Math.max(rate, Plan.Limits.LINE_BYTES);
            this.left = most;
            this.at = now;
        }

        synchronized boolean take(int bytes, long now) {
            left = Math.min(most, left + (double) (now - at) / NANOS * rate);
            at = now;
            if (left < bytes) {
                dropped++;
                return false;
            }
            left -= bytes;
            return true;
        }

        /// Lines dropped since the last call.
        synchronized int dropped() {
            int count = dropped;
            dropped = 0;
            return count;
        }
    }

    private final boolean error;
    private final Budget budget;
    private final Consumer<Event> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(boolean error, Budget budget, Consumer<Event> events) {
        this.error = error;
        this.budget = budget;
        this.events = events;
    }

    @Override
    public synchronized void write(int value) {
        if (value == '\n') {
            end();
        } else {
            if (line.size() >= Plan.Limits.LINE_BYTES) {
                end();
            }
            line.write(value);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /// Sends what stands without an end of line.
    @Override
    public synchronized void close() {
        if (line.size() > 0) {
            end();
        }
    }

    private void end() {
        int size = line.size() + 1;
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (budget.take(size, System.nanoTime())) {
            events.accept(new Event.Line(error, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text));
        }
    }
}
