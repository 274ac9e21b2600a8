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
/// @param look how long at most nobody looks whether workloads still run
public record Pace(
        Instant pollAt,
        Instant wfmNotBefore,
        int troubles,
        Map<WorkloadId, Instant> resting,
        Duration startWithin,
        Duration look) {
    public Pace {
        resting = Map.copyOf(resting);
    }

    static Pace at(Instant now, Polling polling) {
        return new Pace(now, now, 0, Map.of(), polling.startWithin(), polling.look());
    }

    boolean isResting(WorkloadId id, Instant now) {
        return Optional.ofNullable(resting.get(id)).filter(now::isBefore).isPresent();
    }

    Pace polled(Instant next) {
        return new Pace(next, wfmNotBefore, 0, resting, startWithin, look);
    }

    /// The WFM answered: whatever was held back because of it may go on.
    Pace answered() {
        return new Pace(pollAt, Instant.EPOCH, 0, resting, startWithin, look);
    }

    Pace troubled(Instant notBefore) {
        return new Pace(pollAt, notBefore, troubles + 1, resting, startWithin, look);
    }

    Pace rested(WorkloadId id, Instant until) {
        var more = new HashMap<>(resting);
        more.put(id, until);
        return new Pace(pollAt, wfmNotBefore, troubles, more, startWithin, look);
    }
}
