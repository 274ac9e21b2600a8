// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Decides what follows when an instance has ended. Pure.
final class Restarts {
    /// What follows.
    sealed interface Next {
        /// It has done its work.
        record Done() implements Next {}

        /// It is started again after a pause.
        record Again(Duration pause) implements Next {}

        /// It counts as failed.
        record GiveUp(String code, String message) implements Next {}
    }

    /// Endings that the same module meets again whenever it is started.
    private static final Set<String> LASTING =
            Set.of(Codes.INVALID_MODULE, Codes.IMPORT_MISSING, Codes.FORMAT_UNSUPPORTED, Codes.DIGEST_MISMATCH);

    private Restarts() {}

    /// @param earlier when it was started again before, oldest first
    static Next after(Event.Ended ended, Plan.Restart policy, List<Instant> earlier, Instant now) {
        if (ended.well() && policy.policy() != Plan.Restart.Policy.ALWAYS) {
            return new Next.Done();
        }
        if (LASTING.contains(ended.code()) || policy.policy() == Plan.Restart.Policy.NEVER) {
            return new Next.GiveUp(ended.code(), ended.message());
        }
        long recent = earlier.stream()
                .filter(time -> time.isAfter(now.minus(policy.within())))
                .count();
        if (ended.well()) {
            return new Next.Again(policy.first());
        }
        if (recent >= policy.max()) {
            return new Next.GiveUp(
                    ended.code(),
                    ended.message() + ", after " + recent + " restarts within "
                            + policy.within().toSeconds() + " s");
        }
        return new Next.Again(pause(policy, recent));
    }

    private static Duration pause(Plan.Restart policy, long recent) {
        Duration pause = policy.first();
        for (long i = 0; i < recent && pause.compareTo(policy.most()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(policy.most()) > 0 ? policy.most() : pause;
    }
}
