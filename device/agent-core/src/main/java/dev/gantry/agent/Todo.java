// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Digest;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.spec.application.Component;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The one thing to do next. Local work comes before the network, so that a device converges while nobody can be
/// reached; while the WFM answers, `installing` is told before the work and each end state before the next work.
///
/// ```text
///            accepted manifest                 what runs
///                  │                               │
///   not held ──► BEGIN ──► PIN ──► PULL ──► START ─┴─► wait until it runs ──► (next component)
///   held, no longer wanted ──► STOP each workload ──► FORGET once `removed` was heard
///   true but not yet heard ──► TELL
/// ```
public sealed interface Todo {
    /// Tell the WFM what this device is; the first exchange of all (MI-076).
    record Introduce() implements Todo {}

    /// Ask for the manifest.
    record Poll() implements Todo {}

    /// Get the documents that a manifest names and that are not here.
    record Fetch(Wanted manifest) implements Todo {}

    /// Make a complete manifest the wanted set.
    record Accept(Wanted manifest) implements Todo {}

    /// Begin to apply a deployment: from here on it is adopted.
    record Begin(DeploymentId id, Digest document) implements Todo {}

    /// Find out which artifact a component's tag names.
    record Resolve(DeploymentId id, Component component) implements Todo {}

    /// Bring a component's artifact to this device.
    record Pull(DeploymentId id, Component component, Digest artifact) implements Todo {}

    /// Make a component run.
    record Start(DeploymentId id, Component component, Digest artifact) implements Todo {}

    /// Remember that a component runs again.
    record Heal(DeploymentId id, ComponentName component) implements Todo {}

    /// Remember that a component has failed.
    record Fail(DeploymentId id, ComponentName component, String code, String message) implements Todo {}

    /// Stop a workload that should not be there.
    record Stop(WorkloadId id) implements Todo {}

    /// Drop a deployment that is gone and whose removal was heard.
    record Forget(DeploymentId id) implements Todo {}

    /// Tell the WFM how a deployment is.
    record Tell(DeploymentStatus status, Digest document) implements Todo {}

    /// Nothing before this time, or before something happens.
    record Rest(Instant until) implements Todo {}

    /// What is to be done next. Pure: equal arguments give an equal answer.
    @Requirement({"MI-072", "MI-073", "MI-075", "MI-076", "MI-102", "MI-124", "DP-014", "DP-024", "DP-030", "AD-017"})
    static Todo next(Situation now) {
        return new Decision(now).next();
    }

    /// One decision over one situation.
    final class Decision {
        private final Situation now;
        private final Memory memory;
        private Instant wake;

        private Decision(Situation now) {
            this.now = now;
            this.memory = now.memory();
            this.wake = now.pace().pollAt();
        }

        private Todo next() {
            return introduction()
                    .or(this::report)
                    .or(this::acceptance)
                    .or(this::stop)
                    .or(this::apply)
                    .or(this::forget)
                    .or(this::poll)
                    .orElseGet(this::rest);
        }

        /// A workload may stop by itself, so whoever holds one looks again now and then.
        private Todo rest() {
            if (!memory.held().isEmpty() || !now.running().isEmpty()) {
                wakeAt(now.time().plus(now.pace().look()));
            }
            return new Rest(later(wake));
        }

        private Instant later(Instant time) {
            return time.isAfter(now.time()) ? time : now.time();
        }

        private boolean wfmMayBeAsked() {
            return !now.pace().wfmNotBefore().isAfter(now.time());
        }

        private Optional<Todo> introduction() {
            boolean known = memory.capabilities().equals(Optional.of(now.capabilities()));
            return !known && wfmMayBeAsked() ? Optional.of(new Introduce()) : Optional.empty();
        }

        /// What is true and was not heard, one deployment after the other.
        private Optional<Todo> report() {
            if (!wfmMayBeAsked() || memory.capabilities().isEmpty()) {
                return Optional.empty();
            }
            return memory.held().entrySet().stream()
                    .flatMap(entry -> unheard(entry.getKey(), entry.getValue()).stream())
                    .findFirst();
        }

        private Optional<Todo> unheard(DeploymentId id, Held held) {
            DeploymentStatus status = Truth.status(now, id, held);
            boolean heard = Optional.ofNullable(memory.told().get(id))
                    .filter(told -> told.document().equals(held.document()))
                    .filter(told -> told.status().state() == status.state()
                            && told.status().error().equals(status.error())
                            && told.status().components().equals(status.components()))
                    .filter(told -> !owesVersion(held, told))
                    .isPresent();
            return heard ? Optional.empty() : Optional.of(new Tell(status, held.document()));
        }

        /// After skipped versions the content may have changed and changed back, which only the version tells the
        /// WFM.
        private boolean owesVersion(Held held, Memory.Told told) {
            return memory.accepted()
                    .filter(Memory.Accepted::skipped)
                    .filter(accepted -> accepted.version().equals(held.adopted()))
                    .filter(accepted -> accepted.version().isAfter(told.status().adopted()))
                    .isPresent();
        }

        private Optional<Todo> acceptance() {
            return now.fetching()
                    .<Todo>map(manifest -> now.missing(manifest).isEmpty() ? new Accept(manifest) : new Fetch(manifest))
                    .filter(todo -> todo instanceof Accept || wfmMayBeAsked());
        }

        /// Whatever runs and is not part of a held deployment, or of one that is no longer wanted.
        private Optional<Todo> stop() {
            return now.running().values().stream()
                    .filter(observed -> !(observed.condition() instanceof Condition.Stopping))
                    .map(Observed::id)
                    .filter(id -> !belongs(id))
                    .filter(id -> !now.pace().isResting(id, now.time()))
                    .<Todo>map(Stop::new)
                    .findFirst();
        }

        private boolean belongs(WorkloadId id) {
            Held held = memory.held().get(id.deployment());
            return held != null
                    && memory.wants(id.deployment())
                    && now.components(held).stream()
                            .anyMatch(component -> component.name().equals(id.component()));
        }

        private Optional<Todo> apply() {
            if (memory.accepted().isEmpty()) {
                return Optional.empty();
            }
            Memory.Accepted accepted = memory.accepted().get();
            for (Map.Entry<DeploymentId, Digest> wanted : accepted.documents().entrySet()) {
                DeploymentId id = wanted.getKey();
                Held held = memory.held().get(id);
                boolean begun = held != null
                        && held.document().equals(wanted.getValue())
                        && (!accepted.skipped() || !accepted.version().isAfter(held.adopted()));
                if (!begun) {
                    return Optional.of(new Begin(id, wanted.getValue()));
                }
                Optional<Todo> work = advance(id, Objects.requireNonNull(held));
                if (work.isPresent()) {
                    return work;
                }
            }
            return Optional.empty();
        }

        /// The components in their order; one that is waited for holds back those behind it.
        private Optional<Todo> advance(DeploymentId id, Held held) {
            for (Component component : now.components(held)) {
                Optional<Todo> work = advance(id, held, component);
                if (work.isPresent()) {
                    return work;
                }
                if (!now.runs(id, held, component) && component.waits()) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }

        private Optional<Todo> advance(DeploymentId id, Held held, Component component) {
            ComponentName name = component.name();
            Optional<Memory.Failure> failure =
                    Optional.ofNullable(held.failures().get(name));
            if (failure.isPresent() && now.runs(id, held, component)) {
                return Optional.of(new Heal(id, name));
            }
            if (failure.isPresent()
                    && !failure.get().isDue(now.time(), now.pace().longest())) {
                failure.get().again().ifPresent(this::wakeAt);
                return Optional.empty();
            }
            Optional<Situation.Obstacle> obstacle = now.obstacle(held);
            if (obstacle.isPresent()) {
                return Optional.of(
                        new Fail(id, name, obstacle.get().code(), obstacle.get().message()));
            }
            Optional<Digest> artifact = now.pin(held, component);
            if (artifact.isEmpty()) {
                return Optional.of(new Resolve(id, component));
            }
            if (!now.artifactHere().test(artifact.get())) {
                return Optional.of(new Pull(id, component, artifact.get()));
            }
            Optional<Observed> observed = now.observed(id, held, component);
            if (observed.isEmpty()) {
                return Optional.of(new Start(id, component, artifact.get()));
            }
            return switch (observed.get().condition()) {
                case Condition.Running _, Condition.Stopping _ -> Optional.empty();
                case Condition.Starting _ -> starting(id, held, component);
                case Condition.Failed(var code, var message) ->
                    Optional.of(
                            failure.isPresent()
                                    ? new Start(id, component, artifact.get())
                                    : new Fail(id, name, code, message));
            };
        }

        @Requirement({"AD-016", "DP-031"})
        private Optional<Todo> starting(DeploymentId id, Held held, Component component) {
            Instant since = now.pace().startingSince(new WorkloadId(id, component.name()));
            Instant limit = since.plus(component.timeout().orElse(now.pace().startWithin()));
            if (!now.time().isBefore(limit) && !held.failures().containsKey(component.name())) {
                return Optional.of(new Fail(id, component.name(), "START_TIMEOUT", "it did not run within its time"));
            }
            wakeAt(limit);
            return Optional.empty();
        }

        private void wakeAt(Instant time) {
            wake = time.isAfter(now.time()) && time.isBefore(wake) ? time : wake;
        }

        private Optional<Todo> forget() {
            return memory.held().entrySet().stream()
                    .filter(entry -> !memory.wants(entry.getKey()))
                    .filter(entry -> now.isGone(entry.getKey()))
                    .filter(entry -> isRemovalHeard(entry.getKey()))
                    .<Todo>map(entry -> new Forget(entry.getKey()))
                    .findFirst();
        }

        private boolean isRemovalHeard(DeploymentId id) {
            return Optional.ofNullable(memory.told().get(id))
                    .filter(told -> told.status().state() == State.REMOVED)
                    .isPresent();
        }

        private Optional<Todo> poll() {
            boolean due = !now.pace().pollAt().isAfter(now.time());
            return due && wfmMayBeAsked() && memory.capabilities().isPresent()
                    ? Optional.of(new Poll())
                    : Optional.empty();
        }
    }
}
