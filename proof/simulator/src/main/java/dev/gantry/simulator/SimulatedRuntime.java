// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.Offer;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Tree;
import dev.gantry.simulator.Faults.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An engine for workloads that start after a while, refuse, fail and crash. Whether they survive a reboot is drawn for
/// each device, as engines differ in it.
final class SimulatedRuntime implements Runtime {
    static final String TYPE = "compose";

    private final World world;
    private final Faults faults;
    private final Power power;
    private final Registry registry;
    private final boolean durable;
    private final SortedMap<WorkloadId, Running> workloads = new TreeMap<>();

    /// A workload as it is in truth, whatever the agent believes.
    ///
    /// @param bytes digest of what really runs
    /// @param ready when it will have started
    /// @param failure why it does not run
    record Running(Workload workload, Digest bytes, Instant ready, Optional<Condition.Failed> failure) {
        Condition condition(Instant now) {
            return failure.isPresent()
                    ? failure.get()
                    : now.isBefore(ready) ? new Condition.Starting() : new Condition.Running();
        }
    }

    SimulatedRuntime(World world, Faults faults, Power power, Registry registry, boolean durable) {
        this.world = world;
        this.faults = faults;
        this.power = power;
        this.registry = registry;
        this.durable = durable;
    }

    @Override
    public String deploymentType() {
        return TYPE;
    }

    @Override
    public Offer offer() {
        return new Offer("oci", TYPE, Map.of(), Tree.Obj.EMPTY);
    }

    @Override
    public void ensure(Workload wanted) throws WorkloadException {
        Running before = workloads.get(wanted.id());
        if (before != null
                && before.workload().revision().equals(wanted.revision())
                && before.failure().isEmpty()) {
            return;
        }
        Blob bytes = wanted.blobs()
                .get(wanted.artifact())
                .orElseThrow(() -> new IllegalStateException("asked to run what is not here: " + wanted.id()));
        if (registry.isPoison(wanted.artifact())) {
            throw new WorkloadException("BROKEN_ARTIFACT", "this artifact can run nowhere", true, null);
        }
        if (faults.strike(Kind.START_REFUSED)) {
            throw new WorkloadException("ENGINE_BUSY", "the engine refused to start it", true, null);
        }
        Optional<Condition.Failed> failure = faults.strike(Kind.START_FAILS)
                ? Optional.of(new Condition.Failed("EXITED", "it ended at once"))
                : Optional.empty();
        Instant ready = world.now().plus(world.seconds(0, 8));
        power.around(
                "a workload is started",
                () -> workloads.put(wanted.id(), new Running(wanted, bytes.digest(), ready, failure)));
    }

    @Override
    public void remove(WorkloadId id) throws WorkloadException {
        if (faults.strike(Kind.REMOVE_REFUSED)) {
            throw new WorkloadException("ENGINE_BUSY", "the engine refused to stop it", true, null);
        }
        power.around("a workload is removed", () -> workloads.remove(id));
    }

    @Override
    public List<Observed> running() {
        return workloads.values().stream()
                .map(running -> new Observed(
                        running.workload().id(), running.workload().revision(), running.condition(world.now())))
                .toList();
    }

    @Override
    public void close() {
        // There is no engine to let go of.
    }

    /// What is there in truth.
    SortedMap<WorkloadId, Running> workloads() {
        return workloads;
    }

    /// The device starts anew: what has outlived it starts again, the rest is gone.
    void reboot() {
        if (durable) {
            Instant ready = world.now().plus(world.seconds(1, 8));
            workloads.replaceAll(
                    (_, running) -> new Running(running.workload(), running.bytes(), ready, running.failure()));
        } else {
            workloads.clear();
        }
    }

    /// One workload ends by itself.
    void crash() {
        if (!workloads.isEmpty()) {
            WorkloadId id = world.oneOf(List.copyOf(workloads.keySet()));
            world.note("engine", "crash of " + id);
            workloads.computeIfPresent(
                    id,
                    (_, running) -> new Running(
                            running.workload(),
                            running.bytes(),
                            running.ready(),
                            Optional.of(new Condition.Failed("EXITED", "it crashed"))));
        }
    }
}
