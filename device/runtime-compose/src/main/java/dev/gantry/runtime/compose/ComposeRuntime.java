// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.Offer;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs Compose applications with the device's own engine. The engine keeps them running, across restarts of the agent
/// and of the device; this runtime lays their files down, brings them up and down, and tells what the engine tells. The
/// revision stands on every container, so that nothing is started again when it has not changed.
public final class ComposeRuntime implements Runtime {
    private static final Logger LOG = LoggerFactory.getLogger(ComposeRuntime.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final String LABEL = "x-gantry/";

    /// What is being done about a workload, or how the last try ended.
    ///
    /// @param serial so that an older try never speaks for a newer one
    private record Work(long serial, Digest revision, Condition condition) {}

    private final Surroundings surroundings;
    private final ComposeSettings settings;
    private final Tool tool;
    private final String version;
    private final Path projects;
    private final Map<WorkloadId, Work> work = new HashMap<>();
    private final Map<WorkloadId, Object> turns = new HashMap<>();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("compose-runtime").factory());
    private long serials;
    private List<Observed> told = List.of();
    private long toldAt = Long.MIN_VALUE;

    /// @param version of Compose, for the device's labels
    ComposeRuntime(Surroundings surroundings, ComposeSettings settings, Tool tool, String version) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.tool = tool;
        this.version = version;
        projects = surroundings.folder().resolve("projects");
        Disk.createFolder(surroundings.folder());
        Disk.createFolder(projects);
    }

    @Override
    public String deploymentType() {
        return "compose";
    }

    @Override
    public Offer offer() {
        return new Offer("oci", "compose", Map.of(LABEL + "compose.version", Tree.of(version)), Tree.Obj.EMPTY);
    }

    @Override
    public void ensure(Workload wanted) throws WorkloadException {
        Order order = Order.of(wanted);
        Map<String, Blob> files = ComposePackage.files(wanted.artifact(), wanted.blobs());
        Project project = Project.of(projects, wanted.id(), tool);
        long serial;
        synchronized (this) {
            Work now = work.get(wanted.id());
            if (now != null && now.revision.equals(wanted.revision()) && !(now.condition instanceof Condition.Failed)) {
                return;
            }
            serial = ++serials;
            work.put(wanted.id(), new Work(serial, wanted.revision(), new Condition.Starting()));
        }
        Thread.ofVirtual()
                .start(() -> inTurn(wanted.id(), serial, 0, () -> {
                    boolean there = ProjectState.revision(project.containers()).equals(Optional.of(order.revision()))
                            && ProjectState.condition(project.containers()) instanceof Condition.Running;
                    if (!there) {
                        project.lay(order, files);
                        project.up(order, surroundings.environment(), settings.upWithin());
                    }
                }));
    }

    @Override
    public void remove(WorkloadId id) {
        Project project = Project.of(projects, id, tool);
        long serial;
        synchronized (this) {
            Work now = work.get(id);
            if (now != null && now.condition instanceof Condition.Stopping) {
                return;
            }
            Optional<Digest> revision = Optional.ofNullable(now)
                    .map(Work::revision)
                    .or(() -> project.order().map(Order::revision));
            if (revision.isEmpty()) {
                return;
            }
            serial = ++serials;
            work.put(id, new Work(serial, revision.orElseThrow(), new Condition.Stopping()));
        }
        Thread.ofVirtual()
                .start(() -> inTurn(id, serial, 0, () -> {
                    project.down();
                }));
    }

    /// Something that takes long.
    private interface Step {
        void run() throws WorkloadException;
    }

    /// How a step failed.
    ///
    /// @param again whether trying once more may help
    private record Fallen(Condition.Failed condition, boolean again) {}

    /// One thing at a time for each workload, and nothing that a newer wish has overtaken. What failed because of the
    /// world around is tried again with growing pauses: networks and registries come back.
    private void inTurn(WorkloadId id, long serial, int tries, Step step) {
        Object turn;
        synchronized (this) {
            turn = turns.computeIfAbsent(id, _ -> new Object());
        }
        synchronized (turn) {
            synchronized (this) {
                Work now = work.get(id);
                if (now == null || now.serial != serial) {
                    return;
                }
            }
            Optional<Fallen> fallen = attempt(id, step);
            synchronized (this) {
                toldAt = Long.MIN_VALUE;
                Work now = work.get(id);
                if (now == null || now.serial != serial) {
                    return;
                }
                if (fallen.isEmpty()) {
                    work.remove(id);
                    return;
                }
                boolean stopping = now.condition instanceof Condition.Stopping;
                work.put(id, stopping ? now : new Work(serial, now.revision, fallen.orElseThrow().condition));
                if (fallen.orElseThrow().again && !timers.isShutdown()) {
                    var _ = timers.schedule(
                            () -> Thread.ofVirtual().start(() -> inTurn(id, serial, tries + 1, step)),
                            pause(tries).toMillis(),
                            TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    static Duration pause(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Optional<Fallen> attempt(WorkloadId id, Step step) {
        try {
            step.run();
            return Optional.empty();
        } catch (WorkloadException e) {
            LOG.atWarn()
                    .addKeyValue("workload", id)
                    .addKeyValue("code", e.code())
                    .log("compose step failed");
            return Optional.of(new Fallen(new Condition.Failed(e.code(), e.getMessage()), e.again()));
        } catch (Fault fault) {
            LOG.atWarn()
                    .addKeyValue("workload", id)
                    .addKeyValue("kind", fault.kind())
                    .log("compose step failed");
            return Optional.of(new Fallen(new Condition.Failed("COMPOSE_UNAVAILABLE", fault.getMessage()), true));
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("workload", id).setCause(e).log("compose step broke");
            return Optional.of(new Fallen(
                    new Condition.Failed("COMPOSE_BROKEN", "the runtime failed; see the agent's log"), false));
        }
    }

    @Override
    public List<Observed> running() {
        Map<WorkloadId, Work> busy;
        synchronized (this) {
            long now = System.nanoTime();
            if (toldAt != Long.MIN_VALUE && now - toldAt < FRESH.toNanos() && work.isEmpty()) {
                return told;
            }
            busy = Map.copyOf(work);
        }
        var seen = new ArrayList<Observed>();
        busy.forEach((id, doing) -> seen.add(
                doing.condition instanceof Condition.Failed
                        ? observed(Project.of(projects, id, tool), id)
                                .filter(now -> now.revision().equals(doing.revision)
                                        && now.condition() instanceof Condition.Running)
                                .orElse(new Observed(id, doing.revision, doing.condition))
                        : new Observed(id, doing.revision, doing.condition)));
        for (Project project : Project.all(projects, tool)) {
            Optional<WorkloadId> id = project.order().map(Order::id);
            if (id.isPresent() && !busy.containsKey(id.orElseThrow())) {
                observed(project, id.orElseThrow()).ifPresent(seen::add);
            }
        }
        seen.sort(java.util.Comparator.comparing(Observed::id));
        synchronized (this) {
            told = List.copyOf(seen);
            toldAt = System.nanoTime();
            return told;
        }
    }

    /// Nothing when none of its containers exist any more, or not all of one revision, so that it is brought up again.
    private static Optional<Observed> observed(Project project, WorkloadId id) {
        if (project.order().isEmpty()) {
            return Optional.empty();
        }
        List<ProjectState.Container> containers = project.containers();
        return ProjectState.revision(containers)
                .map(revision -> new Observed(id, revision, ProjectState.condition(containers)));
    }

    @Override
    public void close() {
        // Applications go on without the agent; only what it would have tried again is left.
        timers.shutdownNow();
    }
}
