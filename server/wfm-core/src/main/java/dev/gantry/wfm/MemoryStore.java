// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Fault;
import dev.gantry.spec.ClientId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A store in memory, for tests and simulation; it survives whoever uses it.
public final class MemoryStore implements Store {
    private final SortedMap<ClientId, ClientView> clients = new TreeMap<>();
    private final SortedMap<PackageId, AppPackage> catalogue = new TreeMap<>();

    /// A store that holds nothing yet.
    public MemoryStore() {
        this(Snapshot.EMPTY);
    }

    /// A store that begins with what another one held, as after a restore from a backup.
    public MemoryStore(Snapshot backup) {
        backup.clients().forEach(view -> clients.put(view.client().id(), view));
        backup.catalogue().forEach(application -> catalogue.put(application.id(), application));
    }

    @Override
    public synchronized Snapshot load() {
        return new Snapshot(new ArrayList<>(clients.values()), new ArrayList<>(catalogue.values()));
    }

    @Override
    public synchronized Optional<ClientView> client(ClientId id) {
        return Optional.ofNullable(clients.get(id));
    }

    @Override
    public synchronized void commit(List<Change> changes) {
        var moved = new TreeMap<ClientId, ClientView>();
        var imported = new TreeMap<PackageId, AppPackage>();
        for (Change change : changes) {
            if (change instanceof Change.PackagePut(var application)) {
                imported.put(application.id(), application);
            } else {
                ClientId client = Fleet.clientOf(change).orElseThrow();
                ClientView before = Optional.ofNullable(moved.get(client))
                        .or(() -> client(client))
                        .or(() -> fresh(change))
                        .orElseThrow(() -> new Fault(Fault.Kind.MISSING, "no client " + client));
                check(before, change);
                moved.put(client, before.after(change));
            }
        }
        clients.putAll(moved);
        catalogue.putAll(imported);
    }

    private static Optional<ClientView> fresh(Change change) {
        return change instanceof Change.ClientPut(var put) ? Optional.of(ClientView.of(put)) : Optional.empty();
    }

    private static void check(ClientView view, Change change) {
        if (change instanceof Change.HeadAdvanced(var client, var from, var _)
                && !view.head().map(Head::version).equals(from)) {
            throw new Fault(Fault.Kind.CONFLICT, "the manifest of " + client + " has moved on");
        }
    }
}
