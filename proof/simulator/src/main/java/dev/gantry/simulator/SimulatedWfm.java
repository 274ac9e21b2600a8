// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.content.Fault;
import dev.gantry.simulator.Faults.Kind;
import dev.gantry.spec.ClientId;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.DeviceApi;
import dev.gantry.wfm.Fleet;
import dev.gantry.wfm.Limits;
import dev.gantry.wfm.MemoryStore;
import dev.gantry.wfm.Operations;
import dev.gantry.wfm.Reports;
import dev.gantry.wfm.Store;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import dev.gantry.wire.rc3.Paths;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The WFM's server: the real core over a store that refuses, loses answers and crashes, restarted and restored.
final class SimulatedWfm implements Network.Server {
    private static final String NAME = "wfm";

    private final World world;
    private final Faults faults;
    private final Parts parts;
    private final Map<ClientId, Published> published = new TreeMap<>();

    private MemoryStore durable = new MemoryStore();
    private Optional<Process> process = Optional.empty();

    /// What a restart replaces.
    private record Process(Fleet fleet, Operations operations, BiFunction<ClientId, Request, Response> api) {}

    SimulatedWfm(World world, Faults faults, Parts parts) {
        this.world = world;
        this.faults = faults;
        this.parts = parts;
        start();
    }

    private void start() {
        Store store = new Published.Watched(parts.store(new Fragile(durable, faults)), published);
        var fleet = new Fleet(store);
        var reports = new Reports(fleet, Paths.ROOT, Limits.DEFAULT, world.clock());
        var operations = new Operations(fleet, reports, Paths.ROOT, Limits.DEFAULT, world.clock(), this::freshId);
        var api = new DeviceApi(fleet, reports, Paths.ROOT, Limits.DEFAULT);
        process = Optional.of(new Process(fleet, operations, parts.wfm(api::handle)));
    }

    private UUID freshId() {
        return new UUID(world.chance().nextLong(), world.chance().nextLong());
    }

    /// What it knows; empty while it is down.
    Optional<Fleet> fleet() {
        return process.map(Process::fleet);
    }

    Published published(ClientId client) {
        return published.computeIfAbsent(client, _ -> new Published());
    }

    @Override
    public Response handle(ClientId client, Request request) throws Unreachable {
        try {
            return running().api().apply(client, request);
        } catch (PowerCut cut) {
            crashed(cut);
            throw new Unreachable("the WFM went away", cut);
        }
    }

    /// What an operator does; whether it was done is unknown when it throws.
    <T> T operate(Function<Operations, T> action) throws Unreachable {
        try {
            return action.apply(running().operations());
        } catch (PowerCut cut) {
            crashed(cut);
            throw new Unreachable("the WFM went away", cut);
        }
    }

    private Process running() throws Unreachable {
        return process.orElseThrow(() -> new Unreachable("the WFM is down"));
    }

    private void crashed(PowerCut cut) {
        world.note(NAME, cut.getMessage());
        stop(Duration.ofSeconds(5));
    }

    /// Ends the process; another one starts after a while.
    void stop(Duration down) {
        if (process.isPresent()) {
            world.note(NAME, "stopped");
            process = Optional.empty();
            world.after(down, () -> {
                if (process.isEmpty()) {
                    start();
                    world.note(NAME, "started");
                }
            });
        }
    }

    /// A backup of all that is durable now.
    Store.Snapshot backup() {
        return durable.load();
    }

    /// Replaces everything by a backup and starts anew, with versions raised before anything is served.
    void restore(Store.Snapshot backup) {
        world.note(NAME, "restored from a backup");
        durable = new MemoryStore(backup);
        faults.spare(() -> {
            start();
            Operations operations = process.orElseThrow().operations();
            parts.restored(operations::restored).run();
        });
    }

    /// A store that sometimes refuses, forgets to answer, or takes the server with it.
    private record Fragile(Store store, Faults faults) implements Store {
        @Override
        public Snapshot load() {
            return store.load();
        }

        @Override
        public Optional<ClientView> client(ClientId id) {
            return store.client(id);
        }

        @Override
        public void commit(List<Change> changes) {
            if (faults.strike(Kind.STORE_REFUSES)) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "the store refused");
            }
            if (faults.strike(Kind.SERVER_CRASH)) {
                throw new PowerCut("before a commit");
            }
            store.commit(changes);
            if (faults.strike(Kind.SERVER_CRASH)) {
                throw new PowerCut("after a commit");
            }
            if (faults.strike(Kind.STORE_ANSWER_LOST)) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "the store's answer was lost");
            }
        }
    }
}
