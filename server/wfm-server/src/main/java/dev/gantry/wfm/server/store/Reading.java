// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server.store;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.sql.Row;
import dev.gantry.sql.Session;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.Client;
import dev.gantry.wfm.Client.Standing;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Deployment;
import dev.gantry.wfm.Device;
import dev.gantry.wfm.Head;
import dev.gantry.wfm.PackageId;
import dev.gantry.wfm.StatusReport;
import dev.gantry.wfm.Store.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Turns rows into views again, as of one moment. Documents are read from the bytes that came, and bytes are held
/// against their digest; one blob is one object, however many rows name it.
final class Reading {
    private final Session session;
    private final Map<Digest, Blob> contents = new HashMap<>();
    private final SortedMap<ClientId, Parts> parts = new TreeMap<>();

    Reading(Session session) {
        this.session = session;
    }

    /// What is gathered for one client, table by table.
    private static final class Parts {
        private final Client client;
        private final SortedMap<ManifestVersion, SortedMap<DeploymentId, Blob>> documents = new TreeMap<>();
        private final SortedMap<ManifestVersion, Head> heads = new TreeMap<>();
        private final SortedMap<DeviceId, Device> devices = new TreeMap<>();
        private final SortedMap<DeploymentId, Deployment> deployments = new TreeMap<>();
        private final SortedMap<DeploymentId, StatusReport> statuses = new TreeMap<>();

        private Parts(Client client) {
            this.client = client;
        }

        private ClientView view() {
            List<Head> newestFirst = List.copyOf(heads.sequencedValues().reversed());
            return new ClientView(
                    client,
                    newestFirst.stream().findFirst(),
                    newestFirst.stream().skip(1).findFirst(),
                    devices,
                    deployments,
                    statuses);
        }
    }

    Snapshot everything() {
        rows("contents", List.of("digest"), "SELECT digest, bytes FROM contents", this::content);
        gather("");
        return new Snapshot(parts.values().stream().map(Parts::view).toList(), catalogue());
    }

    Optional<ClientView> client(ClientId id) {
        gather(" = ?", id.value());
        return Optional.ofNullable(parts.get(id)).map(Parts::view);
    }

    /// Reads the tables of clients.
    ///
    /// @param which what follows the client's column: nothing for all clients
    private void gather(String which, Object... key) {
        String of = which.isEmpty() ? "" : " WHERE client" + which;
        rows(
                "clients",
                List.of("id"),
                "SELECT id, standing, since FROM clients" + (which.isEmpty() ? "" : " WHERE id" + which),
                this::client,
                key);
        ofClients(
                "head_documents",
                List.of("client", "version", "deployment"),
                "SELECT client, version, deployment, document FROM head_documents" + of,
                this::headDocument,
                key);
        ofClients(
                "heads",
                List.of("client", "version"),
                "SELECT client, version, manifest, bundle FROM heads" + of,
                this::head,
                key);
        ofClients(
                "devices",
                List.of("client", "id"),
                "SELECT client, id, capabilities, reported FROM devices" + of,
                this::device,
                key);
        ofClients("deployments", List.of("client", "id"), "SELECT * FROM deployments" + of, this::deployment, key);
        ofClients(
                "statuses",
                List.of("client", "deployment"),
                "SELECT client, deployment, report, received FROM statuses" + of,
                this::status,
                key);
    }

    private void ofClients(
            String table, List<String> keys, String query, BiConsumer<Parts, Row> read, Object... parameters) {
        rows(
                table,
                keys,
                query,
                row -> read.accept(
                        Objects.requireNonNull(parts.get(row.parsed("client", ClientId::new)), "a foreign key"), row),
                parameters);
    }

    /// Reads rows; one that cannot be read is named by its table and key.
    private void rows(String table, List<String> keys, String query, Consumer<Row> read, Object... parameters) {
        session.each(
                query,
                row -> {
                    try {
                        read.accept(row);
                    } catch (Fault fault) {
                        if (fault.kind() == Fault.Kind.UNAVAILABLE) {
                            throw fault;
                        }
                        String key = keys.stream()
                                .map(name -> row.textIfAny(name).orElse("nothing"))
                                .collect(Collectors.joining(" "));
                        throw new Fault(
                                Fault.Kind.BROKEN,
                                "the row of table " + table + " with the key " + key + " cannot be read: "
                                        + fault.getMessage() + "; restore a backup",
                                fault);
                    }
                },
                parameters);
    }

    private void content(Row row) {
        content(row.digest("digest"), row.blob("bytes"));
    }

    private Blob content(Digest digest, Blob blob) {
        if (!blob.digest().equals(digest)) {
            throw new Fault(Fault.Kind.BROKEN, "the bytes of " + digest + " have changed");
        }
        contents.put(digest, blob);
        return blob;
    }

    private Blob content(Digest digest) {
        Blob known = contents.get(digest);
        if (known != null) {
            return known;
        }
        Blob found = session.find("SELECT bytes FROM contents WHERE digest = ?", row -> row.blob("bytes"), digest)
                .orElseThrow(() -> new Fault(Fault.Kind.BROKEN, "the bytes of " + digest + " are missing"));
        return content(digest, found);
    }

    private static ManifestVersion version(Row row, String column) {
        return new ManifestVersion(row.unsigned(column));
    }

    private static <T> SortedMap<DeploymentId, T> none() {
        return new TreeMap<>();
    }

    private void client(Row row) {
        var id = row.parsed("id", ClientId::new);
        var client = new Client(id, row.parsed("standing", Reading::standing), row.instant("since"));
        parts.put(id, new Parts(client));
    }

    private static Standing standing(String name) {
        return Arrays.stream(Standing.values())
                .filter(standing -> standing.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Fault.invalid(Text.quoted(name) + " is not a standing"));
    }

    private void headDocument(Parts of, Row row) {
        of.documents
                .computeIfAbsent(version(row, "version"), _ -> none())
                .put(row.parsed("deployment", DeploymentId::new), content(row.digest("document")));
    }

    private void head(Parts of, Row row) {
        ManifestVersion version = version(row, "version");
        Optional<Blob> bundle = row.textIfAny("bundle").map(Digest::new).map(this::content);
        SortedMap<DeploymentId, Blob> documents = of.documents.getOrDefault(version, none());
        of.heads.put(version, new Head(version, content(row.digest("manifest")), bundle, documents));
    }

    private void device(Parts of, Row row) {
        of.devices.put(
                row.parsed("id", DeviceId::new),
                new Device(
                        of.client.id(),
                        Capabilities.read(content(row.digest("capabilities"))),
                        row.instant("reported")));
    }

    private void deployment(Parts of, Row row) {
        var id = row.parsed("id", DeploymentId::new);
        var origin = new Deployment.Origin(
                row.text("name"),
                new PackageId(row.parsed("application", ApplicationId::new), row.text("application_version")),
                row.text("profile"),
                row.parsed("chosen", Reading::chosen),
                row.instant("asked"));
        of.deployments.put(
                id,
                new Deployment(
                        id,
                        of.client.id(),
                        row.parsed("target", ApplicationDeployment.Target::new),
                        origin,
                        content(row.digest("document")),
                        version(row, "since"),
                        row.bool("withdrawn")));
    }

    private static Map<String, Tree> chosen(String json) {
        if (Json.read(Blob.utf8(json), Limits.MANIFEST) instanceof Tree.Obj(var members)) {
            return members;
        }
        throw Fault.invalid("the chosen values are not an object");
    }

    private void status(Parts of, Row row) {
        of.statuses.put(
                row.parsed("deployment", DeploymentId::new),
                new StatusReport(DeploymentStatus.read(row.blob("report")), row.instant("received")));
    }

    private List<AppPackage> catalogue() {
        var pins = new HashMap<String, SortedMap<ComponentName, Digest>>();
        rows(
                "package_pins",
                List.of("application", "version", "component"),
                "SELECT application, version, component, artifact FROM package_pins",
                row -> pins.computeIfAbsent(packageKey(row), _ -> new TreeMap<>())
                        .put(row.parsed("component", ComponentName::new), row.digest("artifact")));
        var packages = new ArrayList<AppPackage>();
        rows(
                "packages",
                List.of("application", "version"),
                "SELECT * FROM packages ORDER BY application, version",
                row -> packages.add(new AppPackage(
                        row.text("reference"),
                        row.digest("manifest"),
                        ApplicationDescription.read(content(row.digest("description"))),
                        pins.getOrDefault(packageKey(row), new TreeMap<>()),
                        row.instant("imported"))));
        return packages;
    }

    private static String packageKey(Row row) {
        return row.text("application") + "@" + row.text("version");
    }
}
