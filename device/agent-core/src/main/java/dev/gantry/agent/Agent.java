// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.Memory.Accepted;
import dev.gantry.agent.Memory.Failure;
import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.Memory.Pin;
import dev.gantry.agent.Memory.Told;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.Component;
import dev.gantry.wire.Unreachable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The management client of one device. Each [#step] does one thing, with at most one exchange with the world, so
/// that
/// a power cut can fall between any two and nothing is lost or done twice.
@Requirement({"MI-002", "MI-069", "DV-025"})
public final class Agent {
    private static final int DOCUMENTS_READ = 2_000;

    private final Surface surface;
    private final WfmClient wfm;
    private final Polling polling;
    private final InstantSource clock;
    private final RandomGenerator chance;
    private final Consumer<Event> witness;
    private final Map<Digest, Optional<ApplicationDeployment>> read = new HashMap<>();

    private Memory memory;
    private Optional<Wanted> fetching = Optional.empty();
    private boolean bundleRefused;
    private Pace pace;
    private Instant last;

    /// @param surface everything on the device that the agent touches
    /// @param wfm the WFM as this client sees it
    /// @param witness hears of everything that happens
    public Agent(
            Surface surface,
            WfmClient wfm,
            Polling polling,
            InstantSource clock,
            RandomGenerator chance,
            Consumer<Event> witness) {
        this.surface = surface;
        this.wfm = wfm;
        this.polling = polling;
        this.clock = clock;
        this.chance = chance;
        this.witness = witness;
        this.memory = surface.journal().load();
        this.last = clock.instant();
        this.pace = Pace.at(last, polling);
        this.fetching = lost(memory);
    }

    /// Documents of the accepted manifest whose bytes the disk has lost are fetched again.
    private Optional<Wanted> lost(Memory remembered) {
        return remembered
                .accepted()
                .filter(accepted -> accepted.documents().values().stream()
                        .anyMatch(digest -> !surface.documents().has(digest)))
                .map(accepted -> WfmClient.again(accepted, wfm.paths()));
    }

    /// Does the next thing and says how long there is nothing to do after it; zero when there is more.
    public Duration step() {
        Instant now = clock.instant();
        noticeClock(now);
        Todo todo = Todo.next(situation(now));
        if (todo instanceof Todo.Rest(var until)) {
            return Duration.between(now, until);
        }
        perform(todo, now);
        return Duration.ZERO;
    }

    /// Times that were noted before the clock was turned back mean nothing any more: everything may be tried at once.
    private void noticeClock(Instant now) {
        if (now.isBefore(last)) {
            pace = Pace.at(now, polling);
            tell(Event.of("clock turned back", "by", Duration.between(now, last)));
        }
        last = now;
    }

    private Situation situation(Instant now) {
        return new Situation(
                memory,
                fetching,
                Situation.byId(surface.running()),
                new Situation.Shelf(this::document, surface.documents()::has, surface.artifacts()::isHere),
                new Situation.Device(surface.capabilities().digest(), surface::obstacle),
                pace,
                now);
    }

    private Optional<ApplicationDeployment> document(Digest digest) {
        if (read.size() > DOCUMENTS_READ) {
            read.clear();
        }
        Optional<ApplicationDeployment> known = read.get(digest);
        if (known != null) {
            return known;
        }
        // What is not here may come; what is here stays as it is.
        return surface.documents().get(digest).flatMap(source -> {
            Optional<ApplicationDeployment> parsed = parsed(source);
            read.put(digest, parsed);
            return parsed;
        });
    }

    private static Optional<ApplicationDeployment> parsed(Blob source) {
        try {
            return Optional.of(ApplicationDeployment.read(source).value());
        } catch (Fault _) {
            return Optional.empty();
        }
    }

    private void perform(Todo todo, Instant now) {
        switch (todo) {
            case Todo.Introduce _ -> ask(now, this::introduce);
            case Todo.Poll _ -> ask(now, () -> poll(now));
            case Todo.Fetch(var manifest) -> ask(now, () -> fetch(manifest, now));
            case Todo.Accept(var manifest) -> accept(manifest);
            case Todo.Begin(var id, var document) -> begin(id, document, now);
            case Todo.Resolve(var id, var component) -> resolve(id, component, now);
            case Todo.Pull(var id, var component, var artifact) -> pull(id, component, artifact, now);
            case Todo.Start(var id, var component, var artifact) -> start(id, component, artifact, now);
            case Todo.Heal(var id, var component) -> {
                save(memory.holding(id, held(id).healed(component)));
                tell(Event.of("component recovered", "deployment", id, "component", component));
            }
            case Todo.Fail(var id, var component, var code, var message) -> fail(id, component, code, message, now);
            case Todo.Stop(var id) -> stop(id, now);
            case Todo.Forget(var id) -> save(memory.forgetting(id));
            case Todo.Tell(var status, var document) -> ask(now, () -> report(status, document));
            case Todo.Rest _ -> throw new IllegalStateException("resting is not performed");
        }
    }

    /// One exchange with the WFM; what it says about waiting is kept.
    @Requirement({"MI-026", "MI-027", "MI-028"})
    private void ask(Instant now, Exchange exchange) {
        try {
            exchange.run();
            pace = pace.answered();
        } catch (Unreachable e) {
            pace = pace.troubled(now.plus(jittered(polling.backoff(pace.troubles() + 1))));
            tell(Event.of("WFM not reached", "reason", String.valueOf(e.getMessage())));
        } catch (WfmClient.RefusedByWfm e) {
            Duration wait = e.problem().retryAfter().orElse(polling.every());
            Duration grown = e.problem().retryable() ? longer(wait, polling.backoff(pace.troubles() + 1)) : wait;
            pace = pace.troubled(now.plus(grown));
            tell(Event.of(
                    "WFM refused",
                    "status",
                    e.problem().status(),
                    "detail",
                    e.problem().detail()));
        } catch (WfmClient.Untrustworthy e) {
            fetching = Optional.empty();
            pace = pace.troubled(now.plus(jittered(polling.backoff(pace.troubles() + 1))));
            tell(Event.security(e.reason()));
        }
    }

    @FunctionalInterface
    private interface Exchange {
        void run() throws Unreachable, WfmClient.RefusedByWfm, WfmClient.Untrustworthy;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private Duration jittered(Duration wait) {
        double factor = 1 + polling.jitter() * (2 * chance.nextDouble() - 1);
        return Duration.ofNanos((long) (wait.toNanos() * factor));
    }

    private void introduce() throws Unreachable, WfmClient.RefusedByWfm {
        Blob capabilities = surface.capabilities();
        wfm.introduce(surface.device(), capabilities);
        save(memory.reporting(capabilities.digest()));
        tell(Event.of("capabilities heard", "device", surface.device()));
    }

    /// From the moment a report is sent until it is answered nobody knows what the WFM believes: should the truth
    /// become
    /// again what was heard before, it has to be told again.
    private void report(DeploymentStatus status, Digest document) throws Unreachable, WfmClient.RefusedByWfm {
        DeploymentId id = status.deployment();
        if (memory.told().containsKey(id)) {
            save(memory.doubting(id));
        }
        if (wfm.tell(status)) {
            save(memory.telling(id, new Told(document, status)));
            tell(Event.of(
                    "status heard", "deployment", id, "state", status.state().word()));
        }
    }

    private void poll(Instant now) throws Unreachable, WfmClient.RefusedByWfm, WfmClient.Untrustworthy {
        pace = pace.polled(now.plus(jittered(polling.every())));
        fetching = wfm.poll(memory.accepted());
        bundleRefused = false;
        fetching.ifPresent(manifest -> tell(Event.of("manifest received", "version", manifest.version())));
    }

    private void fetch(Wanted manifest, Instant now)
            throws Unreachable, WfmClient.RefusedByWfm, WfmClient.Untrustworthy {
        try {
            fetchSome(manifest);
        } catch (WfmClient.RefusedByWfm e) {
            if (e.problem().status() != 404) {
                throw e;
            }
            if (manifest.source().bundle().isPresent() && !bundleRefused) {
                bundleRefused = true;
            } else {
                // Content that is not there any more: a newer manifest is. A 404 never deletes anything (MI-062).
                fetching = Optional.empty();
                pace = pace.polled(now.plus(jittered(polling.retryFirst())));
            }
        }
    }

    /// The whole bundle when several documents are missing, else the one document.
    private void fetchSome(Wanted manifest) throws Unreachable, WfmClient.RefusedByWfm, WfmClient.Untrustworthy {
        var missing = manifest.source().deployments().stream()
                .filter(entry -> !surface.documents().has(entry.digest()))
                .toList();
        if (missing.size() > 1 && !bundleRefused && manifest.source().bundle().isPresent()) {
            wfm.bundle(manifest.source()).values().forEach(surface.documents()::put);
        } else {
            surface.documents().put(wfm.document(missing.getFirst()));
        }
    }

    /// From here on the device converges on this set by itself, whatever it can reach.
    @Requirement({"MI-070", "MI-074", "DP-035", "DP-036"})
    private void accept(Wanted manifest) {
        Optional<Accepted> before = memory.accepted();
        boolean skipped = before.filter(
                        known -> manifest.version().isAfter(known.version().next()))
                .isPresent();
        save(memory.accepting(new Accepted(manifest.version(), manifest.etag(), manifest.documents(), skipped)));
        fetching = Optional.empty();
        tell(Event.of(
                "manifest accepted",
                "version",
                manifest.version(),
                "deployments",
                manifest.documents().size()));
    }

    private Held held(DeploymentId id) {
        return Optional.ofNullable(memory.held().get(id))
                .orElseThrow(() -> new IllegalStateException("not held: " + id));
    }

    @Requirement({"MI-113", "DP-037"})
    private void begin(DeploymentId id, Digest document, Instant now) {
        Accepted accepted = memory.accepted().orElseThrow();
        Held before = memory.held().get(id);
        if (before != null && before.document().equals(document)) {
            save(memory.holding(id, before.adopting(accepted.version())));
            return;
        }
        Held fresh = Held.begun(document, accepted.version(), now);
        var kept = new TreeMap<>(before == null ? fresh.pins() : before.pins());
        save(memory.holding(id, new Held(document, accepted.version(), now, kept, fresh.failures())));
        tell(Event.of("deployment begun", "deployment", id, "version", accepted.version()));
    }

    private void resolve(DeploymentId id, Component component, Instant now) {
        try {
            Digest artifact = surface.artifacts().resolve(component.repository(), component.revision());
            if (pinned(id, component)
                    .filter(pin -> !pin.equals(artifact.value()))
                    .isPresent()) {
                fail(
                        id,
                        component.name(),
                        "DIGEST_MISMATCH",
                        "the tag " + Workloads.reference(component) + " has moved: it names " + artifact
                                + ", but the deployment was made for "
                                + pinned(id, component).get(),
                        now);
                return;
            }
            save(memory.holding(
                    id, held(id).pinned(component.name(), new Pin(Workloads.reference(component), artifact))));
        } catch (Unreachable e) {
            fail(id, component.name(), "PULL_FAILED", String.valueOf(e.getMessage()), now);
        } catch (Fault fault) {
            fail(id, component.name(), "PULL_FAILED", fault.getMessage(), now);
        }
    }

    /// The artifact that the WFM made the deployment for, when it says so (`spec.x-gantry-extensions.pins`).
    private Optional<String> pinned(DeploymentId id, Component component) {
        return document(held(id).document())
                .flatMap(deployment -> deployment.extensions().gantry().get("pins"))
                .flatMap(pins -> pins instanceof Tree.Obj known
                        ? known.get(component.name().value())
                        : Optional.empty())
                .flatMap(pin -> pin instanceof Tree.Str(var digest) ? Optional.of(digest) : Optional.empty());
    }

    private void pull(DeploymentId id, Component component, Digest artifact, Instant now) {
        try {
            surface.artifacts().fetch(component.repository(), artifact);
            tell(Event.of("artifact stored", "component", component.name(), "digest", artifact));
        } catch (Unreachable e) {
            fail(id, component.name(), "PULL_FAILED", String.valueOf(e.getMessage()), now);
        } catch (Fault fault) {
            fail(id, component.name(), "PULL_FAILED", fault.getMessage(), now);
        }
    }

    private void start(DeploymentId id, Component component, Digest artifact, Instant now) {
        ApplicationDeployment deployment = document(held(id).document()).orElseThrow();
        postpone(id, component.name(), now);
        pace = pace.started(new WorkloadId(id, component.name()), now);
        try {
            surface.ensure(
                    deployment.profile().type(),
                    Workloads.of(
                            deployment, component, artifact, surface.artifacts().blobs()));
            tell(Event.of("component started", "deployment", id, "component", component.name(), "artifact", artifact));
        } catch (WorkloadException e) {
            fail(id, component.name(), e.code(), e.getMessage(), now);
        }
    }

    /// One more try of something that has failed before: if it fails again, the next one comes later.
    private void postpone(DeploymentId id, ComponentName component, Instant now) {
        Failure failure = held(id).failures().get(component);
        if (failure != null) {
            save(memory.holding(
                    id, held(id).failed(component, next(failure.code(), failure.message(), failure.attempts(), now))));
        }
    }

    private void fail(DeploymentId id, ComponentName component, String code, String message, Instant now) {
        Failure before = held(id).failures().get(component);
        int attempts = before == null ? 0 : before.attempts();
        save(memory.holding(id, held(id).failed(component, next(code, message, attempts, now))));
        tell(Event.of("component failed", "deployment", id, "component", component, "code", code, "message", message));
    }

    private Failure next(String code, String message, int attempts, Instant now) {
        return new Failure(code, message, attempts + 1, Optional.of(now.plus(jittered(polling.backoff(attempts + 1)))));
    }

    private void stop(WorkloadId id, Instant now) {
        try {
            surface.remove(id);
            pace = pace.stopped(id);
            tell(Event.of("component stopped", "deployment", id.deployment(), "component", id.component()));
        } catch (WorkloadException e) {
            pace = pace.rested(id, now.plus(jittered(polling.backoff(2))));
            tell(Event.of("component not stopped", "component", id, "code", e.code(), "message", e.getMessage()));
        }
    }

    private void save(Memory next) {
        surface.journal().save(next);
        memory = next;
    }

    private void tell(Event event) {
        witness.accept(event);
    }
}
