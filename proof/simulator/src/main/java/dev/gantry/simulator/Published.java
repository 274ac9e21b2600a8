// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.content.Blob;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Head;
import dev.gantry.wfm.Store;
import dev.gantry.wire.Conditions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that the WFM has ever published for one client, written down beside it.
final class Published {
    private final Map<String, ManifestVersion> versions = new HashMap<>();
    private final Map<DeploymentId, Map<Blob, ApplicationDeployment>> documents = new HashMap<>();
    private final Map<Blob, ApplicationDeployment> read = new HashMap<>();

    private void add(Head head) {
        versions.put(Conditions.etag(head.manifest().digest()), head.version());
        head.documents()
                .forEach((id, document) ->
                        documents.computeIfAbsent(id, _ -> new HashMap<>()).computeIfAbsent(document, this::read));
    }

    /// Whether a manifest with this entity tag and this version was published.
    boolean has(String etag, ManifestVersion version) {
        return version.equals(versions.get(etag));
    }

    /// What a document says.
    ApplicationDeployment read(Blob document) {
        return read.computeIfAbsent(
                document, source -> ApplicationDeployment.read(source).value());
    }

    /// Every content that a deployment ever had.
    Collection<ApplicationDeployment> of(DeploymentId id) {
        return documents.getOrDefault(id, Map.of()).values();
    }

    /// A store that writes down what is published through it.
    ///
    /// @param books by client
    record Watched(Store store, Map<ClientId, Published> books) implements Store {
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
            for (Change change : changes) {
                if (change instanceof Change.HeadAdvanced(var client, var _, var to)) {
                    books.computeIfAbsent(client, _ -> new Published()).add(to);
                }
            }
            store.commit(changes);
        }
    }
}
