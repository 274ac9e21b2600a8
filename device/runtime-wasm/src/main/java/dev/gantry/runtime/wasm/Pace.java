// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Keeps an instance near its share of processor time (webassembly §9). What it used too much it waits out at its next
/// call of the host; one that never calls the host and stays above its share is over its limit.
final class Pace {
    /// How long an instance may compute above its share without calling the host once.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MILLI = 1000;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final int milliCores;
    private long spentAt;
    private long spent;
    private long debt;
    private long calls;
    private long callsSeen;
    private long silentNanos;

    /// @param milliCores share, in thousandths of a core
    Pace(int milliCores) {
        this.milliCores = milliCores;
    }

    /// Takes a sample: how much processor time was used in all, at which time. True when the instance must be ended.
    ///
    /// @param usedNanos processor time since the instance began
    /// @param nowNanos of any clock that only goes forward
    synchronized boolean sample(long usedNanos, long nowNanos) {
        if (spentAt == 0) {
            spentAt = nowNanos;
            spent = usedNanos;
            return false;
        }
        long wall = nowNanos - spentAt;
        long used = usedNanos - spent;
        spentAt = nowNanos;
        spent = usedNanos;
        long allowed = wall * milliCores / MILLI;
        debt = Math.max(0, debt + used - allowed);
        boolean silent = calls == callsSeen && used > allowed;
        callsSeen = calls;
        silentNanos = silent ? silentNanos + wall : 0;
        return silentNanos > PATIENCE.toNanos();
    }

    /// How long the instance has to wait now to be back at its share.
    synchronized Duration pause() {
        calls++;
        long nanos = debt * MILLI / milliCores;
        return nanos > LONGEST_PAUSE.toNanos() ? LONGEST_PAUSE : Duration.ofNanos(nanos);
    }

    /// Waits out what was used too much; an interrupt ends the wait.
    void atCall() {
        Duration pause = pause();
        if (pause.isPositive()) {
            LockSupport.parkNanos(pause.toNanos());
            synchronized (this) {
                debt = Math.max(0, debt - pause.toNanos() * milliCores / MILLI);
            }
        }
    }
}
