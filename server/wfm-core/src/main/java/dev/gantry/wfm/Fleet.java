// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Fault;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.wire.rc3.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Everything the WFM knows, in memory. Reads never wait: they take the newest view of a client, which never
/// changes.
/// A decision for one client runs alone: it reads the view, its changes become durable, and only then does the view
/// move.
public final class Fleet {
    private final Store store;
    private final Map<ClientId, Slot> slots = new ConcurrentHashMap<>();
    private final Map<PackageId, AppPackage> catalogue = new ConcurrentHashMap<>();

    private static final class Slot {
        final ReentrantLock deciding = new ReentrantLock();
        volatile ClientView view;

        Slot(ClientView view) {
            this.view = view;
        }
    }

    /// What a decision wants: changes to make durable, and the answer to give once they are.
    public record Decision<T>(List<Change> changes, T answer) {
        public Decision {
            changes = List.copyOf(changes);
        }

        public static <T> Decision<T> nothing(T answer) {
            return new Decision<>(List.of(), answer);
        }
    }

    public Fleet(Store store) {
        this.store = store;
        Store.Snapshot snapshot = store.load();
        snapshot.clients().forEach(view -> slots.put(view.client().id(), new Slot(view)));
        snapshot.catalogue().forEach(application -> catalogue.put(application.id(), application));
    }

    /// What is known of a client.
    public Optional<ClientView> client(ClientId id) {
        return Optional.ofNullable(slots.get(id)).map(slot -> slot.view);
    }

    /// All clients, by id.
    public List<ClientView> clients() {
        return slots.values().stream()
                .map(slot -> slot.view)
                .sorted(Comparator.comparing(view -> view.client().id()))
                .toList();
    }

    public Optional<AppPackage> application(PackageId id) {
        return Optional.ofNullable(catalogue.get(id));
    }

    /// The catalogue, by id and version.
    public List<AppPackage> applications() {
        return catalogue.values().stream()
                .sorted(Comparator.comparing(AppPackage::id))
                .toList();
    }

    /// Adds a client, or changes how it stands; what belongs to it stays.
    public <T> T admit(Client fresh, Function<ClientView, Decision<T>> decide) {
        var created = new Slot(ClientView.of(fresh));
        Slot slot = Objects.requireNonNullElse(slots.putIfAbsent(fresh.id(), created), created);
        try {
            return decide(slot, decide);
        } catch (RuntimeException e) {
            if (slot == created) {
                slots.remove(fresh.id(), created);
            }
            throw e;
        }
    }

    /// Runs one decision for a client that is known; `MISSING` when it is not.
    public <T> T decide(ClientId client, Function<ClientView, Decision<T>> decide) {
        Slot slot = slots.get(client);
        if (slot == null) {
            throw new Fault(Fault.Kind.MISSING, "there is no client " + client);
        }
        return decide(slot, decide);
    }

    private <T> T decide(Slot slot, Function<ClientView, Decision<T>> decide) {
        slot.deciding.lock();
        try {
            Decision<T> decision = decide.apply(slot.view);
            if (!decision.changes().isEmpty()) {
                commit(slot, decision.changes());
                ClientView view = slot.view;
                for (Change change : decision.changes()) {
                    view = view.after(change);
                }
                slot.view = view;
            }
            return decision.answer();
        } finally {
            slot.deciding.unlock();
        }
    }

    /// Another replica, or a commit whose answer was lost, may have moved the client on: look again before failing.
    private void commit(Slot slot, List<Change> changes) {
        try {
            store.commit(changes);
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.CONFLICT) {
                store.client(slot.view.client().id()).ifPresent(view -> slot.view = view);
            }
            throw fault;
        }
    }

    /// Adds a package to the catalogue.
    public void add(AppPackage application) {
        store.commit(List.of(new Change.PackagePut(application)));
        catalogue.put(application.id(), application);
    }

    /// The client whose view a change moves; none for the catalogue.
    public static Optional<ClientId> clientOf(Change change) {
        return switch (change) {
            case Change.ClientPut(var client) -> Optional.of(client.id());
            case Change.HeadAdvanced(var client, var _, var _) -> Optional.of(client);
            case Change.DevicePut(var device) -> Optional.of(device.client());
            case Change.DeviceDropped(var client, var _) -> Optional.of(client);
            case Change.DeploymentPut(var deployment) -> Optional.of(deployment.client());
            case Change.DeploymentDropped(var client, var _) -> Optional.of(client);
            case Change.StatusPut(var client, var _) -> Optional.of(client);
            case Change.PackagePut _ -> Optional.empty();
        };
    }

    /// The manifest after these changes of a client's deployments: the next version, in the same commit.
    static List<Change> publishing(ClientView view, Paths paths, List<Change> changes) {
        ClientView after = view;
        for (Change change : changes) {
            after = after.after(change);
        }
        Optional<ManifestVersion> from = view.head().map(Head::version);
        Head to = Head.of(paths, next(view), after.wanted());
        var all = new ArrayList<>(changes);
        all.add(new Change.HeadAdvanced(view.client().id(), from, to));
        return all;
    }

    /// The same wishes under a higher version, after this WFM has lost newer ones.
    static List<Change> raised(ClientView view, Paths paths, Head head, ManifestVersion version) {
        var changes = new ArrayList<Change>();
        view.deployments()
                .values()
                .forEach(deployment -> changes.add(new Change.DeploymentPut(deployment.at(version))));
        changes.add(new Change.HeadAdvanced(
                view.client().id(), Optional.of(head.version()), Head.of(paths, version, view.wanted())));
        return changes;
    }

    /// The version of a client's next manifest (MI-041, MI-042).
    static ManifestVersion next(ClientView view) {
        return view.head().map(head -> head.version().next()).orElse(ManifestVersion.FIRST);
    }
}
