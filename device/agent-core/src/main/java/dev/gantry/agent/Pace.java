// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.runtime.WorkloadId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// When which thing may be tried again. It is not durable: after a restart everything is tried at once.
///
/// @param pollAt when the manifest is asked for next
/// @param wfmNotBefore before which the WFM is not asked for anything, because it said so or did not answer
///     (MI-026)
/// @param troubles exchanges with the WFM that failed one after the other
/// @param resting workloads whose removal failed, and until when they are left alone
/// @param startWithin how long a component may take to run when its deployment does not say
/// @param boot when this process began to look
/// @param starts when this process asked for a workload last
/// @param look how long at most nobody looks whether workloads still run
/// @param longest wait between two tries; a time further ahead was noted before the clock was turned back
public record Pace(
        Instant pollAt,
        Instant wfmNotBefore,
        int troubles,
        Map<WorkloadId, Instant> resting,
        Instant boot,
        Map<WorkloadId, Instant> starts,
        Duration startWithin,
        Duration look,
        Duration longest) {
    public Pace {
        resting = Map.copyOf(resting);
        starts = Map.copyOf(starts);
    }

    static Pace at(Instant now, Polling polling) {
        return new Pace(now, now, 0, Map.of(), now, Map.of(), polling.startWithin(), polling.look(), polling.longest());
    }

    boolean isResting(WorkloadId id, Instant now) {
        return Optional.ofNullable(resting.get(id)).filter(now::isBefore).isPresent();
    }

    /// Since when a workload may have been starting, as far as this process knows.
    Instant startingSince(WorkloadId id) {
        return starts.getOrDefault(id, boot);
    }

    Pace started(WorkloadId id, Instant now) {
        var more = new HashMap<>(starts);
        more.put(id, now);
        return new Pace(pollAt, wfmNotBefore, troubles, resting, boot, more, startWithin, look, longest);
    }

    /// A workload is gone, and with it what was noted of it.
    Pace stopped(WorkloadId id) {
        var fewer = new HashMap<>(starts);
        fewer.remove(id);
        var awake = new HashMap<>(resting);
        awake.remove(id);
        return new Pace(pollAt, wfmNotBefore, troubles, awake, boot, fewer, startWithin, look, longest);
    }

    Pace polled(Instant next) {
        return new Pace(next, wfmNotBefore, 0, resting, boot, starts, startWithin, look, longest);
    }

    /// The WFM answered: whatever was held back because of it may go on.
    Pace answered() {
        return new Pace(pollAt, Instant.EPOCH, 0, resting, boot, starts, startWithin, look, longest);
    }

    Pace troubled(Instant notBefore) {
        return new Pace(pollAt, notBefore, troubles + 1, resting, boot, starts, startWithin, look, longest);
    }

    Pace rested(WorkloadId id, Instant until) {
        var more = new HashMap<>(resting);
        more.put(id, until);
        return new Pace(pollAt, wfmNotBefore, troubles, more, boot, starts, startWithin, look, longest);
    }
}
