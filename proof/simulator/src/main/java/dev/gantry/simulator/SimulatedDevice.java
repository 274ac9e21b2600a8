// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.Agent;
import dev.gantry.agent.DeviceProfile;
import dev.gantry.agent.Journal;
import dev.gantry.agent.Memory;
import dev.gantry.agent.Polling;
import dev.gantry.agent.Surface;
import dev.gantry.agent.WfmClient;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeviceId;
import dev.gantry.wire.rc3.Paths;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One device: the real agent, over a journal, documents, artifacts and an engine that survive it.
final class SimulatedDevice {
    private static final Duration BOOT = Duration.ofSeconds(5);
    private static final Polling POLLING = new Polling(
            Duration.ofMinutes(1),
            0.1,
            Duration.ofSeconds(2),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofSeconds(15));

    private final World world;
    private final Parts parts;
    private final ClientId client;
    private final DeviceProfile profile;
    private final Power power;
    private final Network network;
    private final SimulatedRuntime runtime;
    private final DeviceArtifacts artifacts;
    private final MemoryBlobs documents = new MemoryBlobs();
    private final WatchedJournal.History history = new WatchedJournal.History();

    private Memory memory = Memory.EMPTY;
    private Duration clockError = Duration.ZERO;
    private int life;

    SimulatedDevice(World world, Faults faults, Parts parts, SimulatedWfm wfm, Registry registry, int number) {
        this.world = world;
        this.parts = parts;
        this.client = new ClientId("press-" + number);
        this.profile = profile(new DeviceId("press-" + number));
        this.power = new Power(faults);
        this.network = new Network(world, faults, client, wfm);
        this.runtime = new SimulatedRuntime(world, faults, power, registry, world.happens(0.5));
        this.artifacts = new DeviceArtifacts(registry, faults, power);
    }

    private static DeviceProfile profile(DeviceId id) {
        return new DeviceProfile(
                id,
                new DeviceProfile.Nameplate("Press Works", "PW-7", "0815"),
                List.of(Tree.members()
                        .put("cores", 4)
                        .put("architecture", "amd64")
                        .build()),
                "8Gi",
                "64Gi",
                List.of(),
                List.of(),
                Tree.Obj.EMPTY);
    }

    ClientId client() {
        return client;
    }

    DeviceId id() {
        return profile.id();
    }

    /// What really runs.
    SimulatedRuntime runtime() {
        return runtime;
    }

    Network network() {
        return network;
    }

    /// What the agent was seen to accept.
    WatchedJournal.History history() {
        return history;
    }

    boolean holds(Digest document) {
        return documents.has(document);
    }

    /// Turns the device's own clock.
    void turnClock(Duration by) {
        clockError = clockError.plus(by);
        world.note(client.value(), "clock turned by " + by);
    }

    /// Switches the device on after a while.
    void boot(Duration wait) {
        int next = ++life;
        world.after(wait, () -> {
            if (life == next) {
                start();
            }
        });
    }

    /// Takes the power away; everything in memory is gone.
    void cut(String where) {
        world.note(client.value(), where);
        runtime.reboot();
        boot(BOOT);
    }

    private void start() {
        Runtime engine = parts.runtime(runtime);
        Journal journal = new WatchedJournal(history, parts.journal(new DurableJournal()));
        Blobs shelf = parts.documents(new DurableDocuments());
        var surface = new Surface(journal, shelf, parts.artifacts(artifacts), List.of(engine), profile);
        var wfm = new WfmClient(
                parts.transport(request -> {
                    power.mayFail("before a request");
                    var response = network.send(request);
                    power.mayFail("after a reply");
                    return response;
                }),
                Paths.ROOT);
        var agent = new Agent(
                surface,
                wfm,
                POLLING,
                () -> world.now().plus(clockError),
                world.chance(),
                event -> world.note(client.value(), event.toString()));
        int present = life;
        world.after(Duration.ZERO, () -> step(agent, present));
    }

    private void step(Agent agent, int lived) {
        if (life != lived) {
            return;
        }
        try {
            Duration rest = agent.step();
            Duration work = Duration.ofMillis(20 + world.chance().nextInt(180));
            world.after(rest.compareTo(work) > 0 ? rest : work, () -> step(agent, lived));
        } catch (PowerCut cut) {
            cut(cut.getMessage());
        }
    }

    /// A journal that is whole after every power cut.
    private final class DurableJournal implements Journal {
        @Override
        public Memory load() {
            return memory;
        }

        @Override
        public void save(Memory next) {
            power.around("the journal is saved", () -> memory = next);
        }
    }

    /// Documents on the device's disk.
    private final class DurableDocuments implements Blobs {
        @Override
        public Optional<Blob> get(Digest digest) {
            return documents.get(digest);
        }

        @Override
        public boolean has(Digest digest) {
            return documents.has(digest);
        }

        @Override
        public void put(Blob blob) {
            power.around("a document is kept", () -> documents.put(blob));
        }
    }
}
