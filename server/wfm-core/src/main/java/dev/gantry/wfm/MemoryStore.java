// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Fault;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.ManifestVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A store in memory, for tests and simulation; it survives whoever uses it.
public final class MemoryStore implements Store {
    private final SortedMap<ClientId, ClientView> clients = new TreeMap<>();
    private final SortedMap<PackageId, AppPackage> catalogue = new TreeMap<>();

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
        changes.forEach(this::check);
        changes.forEach(change -> {
            if (change instanceof Change.PackagePut(var application)) {
                catalogue.put(application.id(), application);
            } else {
                ClientId client = Fleet.clientOf(change).orElseThrow();
                ClientView view = clients.get(client);
                if (view == null && change instanceof Change.ClientPut(var put)) {
                    view = ClientView.of(put);
                }
                if (view == null) {
                    throw new Fault(Fault.Kind.MISSING, "no client " + client);
                }
                clients.put(client, view.after(change));
            }
        });
    }

    private void check(Change change) {
        if (change instanceof Change.HeadAdvanced(var client, var from, var _)) {
            Optional<ManifestVersion> there = Optional.ofNullable(clients.get(client))
                    .flatMap(ClientView::head)
                    .map(Head::version);
            if (!there.equals(from)) {
                throw new Fault(Fault.Kind.CONFLICT, "the manifest of " + client + " has moved on");
            }
        }
    }
}
