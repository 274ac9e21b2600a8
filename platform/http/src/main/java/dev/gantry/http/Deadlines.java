// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.spec.Requirement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// When a connection has taken too long over something. Plain numbers that its thread writes as things happen, looked
/// at once per tick; nothing is scheduled or cancelled per request. All times are those of [System#nanoTime].
final class Deadlines {
    /// What a look at the clock says.
    enum Verdict {
        FINE,
        REQUEST_TOO_SLOW,
        OVER
    }

    private final ListenerLimits limits;
    private final long opened;
    private long ageEnd;
    private long cutAt;
    private long lastRead;
    private long headSince;
    private boolean headComes;
    private long lastProgress;
    private long room;
    private long lingerEnd;

    Deadlines(ListenerLimits limits, long now) {
        this.limits = limits;
        opened = now;
        lastRead = now;
        lastProgress = now;
        limit(now, Duration.ZERO, Duration.ofDays(36_500));
    }

    /// A connection takes no more requests when it is of age, and ends soon after; with its peer's certificate it ends
    /// at once.
    @Requirement({"ID-049", "ID-050", "ID-106"})
    void limit(long now, Duration alreadyOld, Duration certificateLeft) {
        ageEnd = opened + limits.times().age().minus(alreadyOld).toNanos();
        cutAt = ageEnd + limits.times().drain().toNanos();
        long certificateEnd = now + certificateLeft.toNanos();
        if (certificateEnd - cutAt < 0) {
            cutAt = certificateEnd;
        }
    }

    void bytesArrived(long now, boolean resting) {
        lastRead = now;
        if (resting && !headComes) {
            headComes = true;
            headSince = now;
        }
    }

    /// The head is complete; when its first byte came.
    long headEnded(long now) {
        long since = headComes ? headSince : now;
        headComes = false;
        return since;
    }

    void progressed(long now) {
        lastProgress = now;
        lastRead = now;
    }

    void rested(long now) {
        lastRead = now;
        headComes = false;
    }

    void lingers(long until) {
        lingerEnd = until;
    }

    boolean isOfAge(long now) {
        return now - ageEnd >= 0;
    }

    boolean isOver(long now) {
        return now - cutAt >= 0;
    }

    /// @param roomLeft bytes before the socket's queue is full, which changes whenever the receiver takes some
    Verdict check(long now, @Nullable Exchange exchange, boolean lingering, long roomLeft) {
        if (isOver(now) || lingering && now - lingerEnd > 0) {
            return Verdict.OVER;
        }
        if (lingering) {
            return Verdict.FINE;
        }
        if (exchange == null) {
            return resting(now);
        }
        if (exchange.answered) {
            return sending(now, exchange, roomLeft);
        }
        return exchange.complete || exchange.pausedAt != 0 ? Verdict.FINE : receiving(now, exchange);
    }

    private Verdict resting(long now) {
        if (headComes && now - headSince > limits.times().request().toNanos()) {
            return Verdict.REQUEST_TOO_SLOW;
        }
        return isOfAge(now) || now - lastRead > limits.times().idle().toNanos() ? Verdict.OVER : Verdict.FINE;
    }

    private Verdict receiving(long now, Exchange exchange) {
        long earned = TimeUnit.SECONDS.toNanos(1) / limits.sizes().bytesPerSecond() * exchange.received;
        boolean late = now - exchange.since > limits.times().request().toNanos() + earned;
        boolean silent = now - lastRead > limits.times().stall().toNanos();
        return late || silent ? Verdict.REQUEST_TOO_SLOW : Verdict.FINE;
    }

    private Verdict sending(long now, Exchange exchange, long roomLeft) {
        if (roomLeft != room || exchange.streaming) {
            // A stream is watched by who pumps it: it may have nothing to say for long, as streams of events do.
            room = roomLeft;
            lastProgress = now;
        }
        return now - lastProgress > limits.times().stall().toNanos() ? Verdict.OVER : Verdict.FINE;
    }
}
