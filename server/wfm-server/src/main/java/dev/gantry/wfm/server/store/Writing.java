// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server.store;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.sql.Row;
import dev.gantry.sql.Session;
import dev.gantry.sql.Unsigned;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.Client;
import dev.gantry.wfm.Deployment;
import dev.gantry.wfm.Device;
import dev.gantry.wfm.Head;
import dev.gantry.wfm.PackageId;
import dev.gantry.wfm.StatusReport;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Turns changes into rows, inside one unit of work. Contents that a change no longer needs are remembered, and
/// removed at the end unless some other row names them.
final class Writing {
    private final Session session;
    private final Set<Digest> released = new HashSet<>();

    Writing(Session session) {
        this.session = session;
    }

    void apply(Change change) {
        switch (change) {
            case Change.ClientPut(var client) -> put(client);
            case Change.HeadAdvanced(var client, var from, var to) -> advance(client, from, to);
            case Change.DevicePut(var device) -> put(device);
            case Change.DeviceDropped(var client, var device) -> drop(client, device);
            case Change.DeploymentPut(var deployment) -> put(deployment);
            case Change.DeploymentDropped(var client, var id) -> drop(client, id);
            case Change.StatusPut(var client, var report) -> put(client, report);
            case Change.PackagePut(var application) -> put(application);
        }
    }

    private void put(Client client) {
        session.update("""
                INSERT INTO clients (id, standing, since) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET standing = excluded.standing, since = excluded.since
                """, client.id().value(), client.standing().name(), client.since());
    }

    private void known(ClientId client) {
        if (session.find("SELECT 1 FROM clients WHERE id = ?", _ -> true, client.value())
                .isEmpty()) {
            throw new Fault(Fault.Kind.MISSING, "there is no client " + client);
        }
    }

    /// The version is compared inside the transaction, so that of two that advance from one version only one can.
    @Requirement({"MI-041", "MI-042"})
    private void advance(ClientId client, Optional<ManifestVersion> from, Head to) {
        known(client);
        Optional<ManifestVersion> there = session
                .query(
                        "SELECT version FROM heads WHERE client = ? ORDER BY version DESC LIMIT 1",
                        row -> new ManifestVersion(row.unsigned("version")),
                        client.value())
                .stream()
                .findFirst();
        if (!there.equals(from)) {
            throw new Fault(Fault.Kind.CONFLICT, "the manifest of " + client + " has moved on");
        }
        if (from.filter(version -> !to.version().isAfter(version)).isPresent()) {
            throw new Fault(
                    Fault.Kind.BROKEN, "the manifest version of " + client + " would go back to " + to.version());
        }
        from.ifPresent(version -> forgetBefore(client, version));
        insert(client, to);
    }

    private void forgetBefore(ClientId client, ManifestVersion version) {
        String limit = Unsigned.text(version.bits());
        release("SELECT manifest AS digest FROM heads WHERE client = ? AND version < ?", client.value(), limit);
        release(
                "SELECT bundle AS digest FROM heads WHERE client = ? AND version < ? AND bundle IS NOT NULL",
                client.value(),
                limit);
        release(
                "SELECT document AS digest FROM head_documents WHERE client = ? AND version < ?",
                client.value(),
                limit);
        session.update("DELETE FROM heads WHERE client = ? AND version < ?", client.value(), limit);
    }

    private void insert(ClientId client, Head head) {
        String version = Unsigned.text(head.version().bits());
        keep(head.manifest());
        head.bundle().ifPresent(this::keep);
        session.update(
                "INSERT INTO heads (client, version, manifest, bundle) VALUES (?, ?, ?, ?)",
                client.value(),
                version,
                head.manifest().digest(),
                head.bundle().map(Blob::digest));
        head.documents().forEach((deployment, document) -> {
            keep(document);
            session.update(
                    "INSERT INTO head_documents (client, version, deployment, document) VALUES (?, ?, ?, ?)",
                    client.value(),
                    version,
                    deployment.value(),
                    document.digest());
        });
    }

    private void put(Device device) {
        known(device.client());
        String id = device.capabilities().value().id().value();
        Blob capabilities = device.capabilities().source();
        release(
                "SELECT capabilities AS digest FROM devices WHERE client = ? AND id = ?",
                device.client().value(),
                id);
        keep(capabilities);
        session.update("""
                INSERT INTO devices (client, id, capabilities, reported) VALUES (?, ?, ?, ?)
                ON CONFLICT (client, id) DO UPDATE SET capabilities = excluded.capabilities, reported = excluded.reported
                """, device.client().value(), id, capabilities.digest(), device.reported());
    }

    private void drop(ClientId client, DeviceId device) {
        known(client);
        release(
                "SELECT capabilities AS digest FROM devices WHERE client = ? AND id = ?",
                client.value(),
                device.value());
        session.update("DELETE FROM devices WHERE client = ? AND id = ?", client.value(), device.value());
    }

    private void put(Deployment deployment) {
        known(deployment.client());
        releaseDocument(deployment.client(), deployment.id());
        keep(deployment.document());
        Deployment.Origin origin = deployment.origin();
        session.update(
                """
                INSERT INTO deployments (client, id, target, name, application, application_version, profile, chosen,
                    asked, document, since, withdrawn)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (client, id) DO UPDATE SET target = excluded.target, name = excluded.name,
                    application = excluded.application, application_version = excluded.application_version,
                    profile = excluded.profile, chosen = excluded.chosen, asked = excluded.asked,
                    document = excluded.document, since = excluded.since, withdrawn = excluded.withdrawn
                """,
                deployment.client().value(),
                deployment.id().value(),
                deployment.target().value(),
                origin.name(),
                origin.application().application().value(),
                origin.application().version(),
                origin.profile(),
                Json.canonical(Tree.of(origin.values())).text(),
                origin.asked(),
                deployment.document().digest(),
                Unsigned.text(deployment.since().bits()),
                deployment.withdrawn());
    }

    private void drop(ClientId client, DeploymentId id) {
        known(client);
        releaseDocument(client, id);
        session.update("DELETE FROM deployments WHERE client = ? AND id = ?", client.value(), id.value());
        session.update("DELETE FROM statuses WHERE client = ? AND deployment = ?", client.value(), id.value());
    }

    private void releaseDocument(ClientId client, DeploymentId id) {
        release("SELECT document AS digest FROM deployments WHERE client = ? AND id = ?", client.value(), id.value());
    }

    private void put(ClientId client, StatusReport report) {
        known(client);
        session.update(
                """
                INSERT INTO statuses (client, deployment, report, received) VALUES (?, ?, ?, ?)
                ON CONFLICT (client, deployment) DO UPDATE SET report = excluded.report, received = excluded.received
                """,
                client.value(),
                report.status().deployment().value(),
                report.report().source(),
                report.received());
    }

    private void put(AppPackage application) {
        PackageId id = application.id();
        String name = id.application().value();
        Blob description = application.description().source();
        release("SELECT description AS digest FROM packages WHERE application = ? AND version = ?", name, id.version());
        keep(description);
        session.update(
                """
                INSERT INTO packages (application, version, reference, manifest, description, imported)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (application, version) DO UPDATE SET reference = excluded.reference,
                    manifest = excluded.manifest, description = excluded.description, imported = excluded.imported
                """,
                name,
                id.version(),
                application.reference(),
                application.manifest(),
                description.digest(),
                application.imported());
        session.update("DELETE FROM package_pins WHERE application = ? AND version = ?", name, id.version());
        application
                .pins()
                .forEach((component, artifact) -> session.update(
                        "INSERT INTO package_pins (application, version, component, artifact) VALUES (?, ?, ?, ?)",
                        name,
                        id.version(),
                        component.value(),
                        artifact));
    }

    private void keep(Blob blob) {
        session.update(
                "INSERT INTO contents (digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
                blob.digest(),
                blob);
    }

    private void release(String query, Object... key) {
        session.each(query, this::release, key);
    }

    private void release(Row row) {
        released.add(row.digest("digest"));
    }

    /// Removes what was released and is named by no row any more; each look-up takes an index.
    ///
    /// @return how many contents it removed
    int sweep() {
        int removed = 0;
        for (Digest digest : released) {
            removed += session.update("""
                    DELETE FROM contents WHERE digest = ?
                        AND NOT EXISTS (SELECT 1 FROM heads WHERE manifest = contents.digest)
                        AND NOT EXISTS (SELECT 1 FROM heads WHERE bundle = contents.digest)
                        AND NOT EXISTS (SELECT 1 FROM head_documents WHERE document = contents.digest)
                        AND NOT EXISTS (SELECT 1 FROM devices WHERE capabilities = contents.digest)
                        AND NOT EXISTS (SELECT 1 FROM deployments WHERE document = contents.digest)
                        AND NOT EXISTS (SELECT 1 FROM packages WHERE description = contents.digest)
                    """, digest);
        }
        return removed;
    }
}
