// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.spec.ClientId;
import java.util.List;
import java.util.Optional;

/// Where the fleet is kept. Every implementation passes `StoreContract`.
public interface Store {
    /// Everything that was committed.
    Snapshot load();

    /// What was committed of one client.
    Optional<ClientView> client(ClientId id);

    /// Makes changes durable, all of them or none.
    ///
    /// @throws dev.gantry.content.Fault `CONFLICT` when a head is no longer at the version it should start from,
    ///     `UNAVAILABLE` when they could not be kept
    void commit(List<Change> changes);

    /// Everything that was committed.
    ///
    /// @param clients with all that belongs to them
    /// @param catalogue every imported package
    record Snapshot(List<ClientView> clients, List<AppPackage> catalogue) {
        public static final Snapshot EMPTY = new Snapshot(List.of(), List.of());

        public Snapshot {
            clients = List.copyOf(clients);
            catalogue = List.copyOf(catalogue);
        }
    }
}
