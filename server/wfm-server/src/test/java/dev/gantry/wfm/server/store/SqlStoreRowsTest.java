// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.sql.Database;
import dev.gantry.sql.DatabaseLimits;
import dev.gantry.sql.Migrations;
import dev.gantry.testkit.Seeds;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.Client;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Deployment;
import dev.gantry.wfm.Head;
import dev.gantry.wfm.MemoryStore;
import dev.gantry.wfm.Samples;
import dev.gantry.wfm.Store;
import dev.gantry.wire.rc3.Paths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What only a store in a database has to prove: its rows, and many callers at once.
@Timeout(120)
class SqlStoreRowsTest {
    private static final ClientId PRESS = new ClientId("press");
    private static final Migrations TABLES = new Migrations(SqlStore.class, "db/wfm");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("wfm.db");
    }

    private SqlStore open() {
        return SqlStore.open(file);
    }

    private Database tables() {
        return Database.sqlite(file, TABLES, DatabaseLimits.DEFAULT);
    }

    private static Head head(ManifestVersion version, SortedMap<DeploymentId, Blob> documents) {
        return Head.of(Paths.ROOT, version, documents);
    }

    private static Change put(ClientId client) {
        return new Change.ClientPut(new Client(client, Client.Standing.ACCEPTED, Samples.TIME));
    }

    /// One client with everything that a client can have.
    private static List<Change> everything() {
        Deployment deployment = Samples.deployment(PRESS, 1, ManifestVersion.FIRST);
        var documents = new TreeMap<DeploymentId, Blob>();
        documents.put(deployment.id(), deployment.document());
        return List.of(
                put(PRESS),
                new Change.DevicePut(Samples.device(PRESS, "press-07")),
                new Change.DeploymentPut(deployment),
                new Change.HeadAdvanced(PRESS, Optional.empty(), head(ManifestVersion.FIRST, documents)),
                new Change.StatusPut(PRESS, Samples.status(1, ManifestVersion.FIRST, State.INSTALLED)),
                new Change.PackagePut(Samples.application("1.4.0")));
    }

    /// Draws changes that are possible now; the same ones go to both stores.
    private static final class Changes {
        private static final List<Client.Standing> STANDINGS = List.of(Client.Standing.values());
        private static final int CLIENTS = 3;
        private static final int DEPLOYMENTS = 4;
        private final SplittableRandom chance;
        private final Store model;

        Changes(long seed, Store model) {
            this.chance = new SplittableRandom(seed);
            this.model = model;
        }

        List<Change> draw() {
            var client = new ClientId("client-" + chance.nextInt(CLIENTS));
            Optional<ClientView> view = model.client(client);
            if (view.isEmpty()) {
                return List.of(put(client));
            }
            int number = chance.nextInt(DEPLOYMENTS);
            ManifestVersion newest = view.get().head().map(Head::version).orElse(ManifestVersion.FIRST);
            return switch (chance.nextInt(8)) {
                case 0 -> List.of(new Change.DevicePut(Samples.device(client, "device-" + number)));
                case 1 -> List.of(new Change.DeviceDropped(client, Samples.deviceId("device-" + number)));
                case 2 -> List.of(new Change.DeploymentDropped(client, Samples.deploymentId(number)));
                case 3 -> List.of(new Change.StatusPut(client, Samples.status(number, newest, State.FAILED)));
                case 4 ->
                    List.of(new Change.ClientPut(new Client(
                            client,
                            STANDINGS.get(chance.nextInt(STANDINGS.size())),
                            Samples.TIME.plusSeconds(number))));
                case 5 -> List.of(new Change.PackagePut(Samples.application("1." + number + ".0")));
                default -> publishing(view.get(), number);
            };
        }

        private List<Change> publishing(ClientView view, int number) {
            ClientId client = view.client().id();
            Optional<ManifestVersion> from = view.head().map(Head::version);
            ManifestVersion to =
                    from.map(version -> version.plus(1L << chance.nextInt(60))).orElse(ManifestVersion.FIRST);
            Deployment sample = Samples.deployment(client, number, to);
            // Few contents, so that one blob is often named by several rows and clients.
            Blob document = Samples.document(number, "content " + chance.nextInt(3));
            Deployment deployment = sample.changed(sample.origin(), document, to);
            SortedMap<DeploymentId, Blob> wanted = view.wanted();
            if (chance.nextInt(4) == 0) {
                deployment = deployment.withdrawnAt(to);
                wanted.remove(deployment.id());
            } else {
                wanted.put(deployment.id(), document);
            }
            return List.of(
                    new Change.DeploymentPut(deployment), new Change.HeadAdvanced(client, from, head(to, wanted)));
        }
    }

    private static void assertSamePackages(List<AppPackage> expected, List<AppPackage> found) {
        assertEquals(
                expected.stream().map(SqlStoreRowsTest::parts).toList(),
                found.stream().map(SqlStoreRowsTest::parts).toList());
    }

    /// Everything but the parsed description, which compares by its bytes.
    private static List<Object> parts(AppPackage application) {
        return List.of(
                application.id(),
                application.reference(),
                application.manifest(),
                application.description().source(),
                application.pins(),
                application.imported());
    }

    @Seeds(25)
    void itHoldsWhatAMemoryStoreHoldsAndNoContentMore(long seed) {
        var model = new MemoryStore();
        var changes = new Changes(seed, model);
        for (int restart = 0; restart < 3; restart++) {
            try (SqlStore store = open()) {
                for (int i = 0; i < 60; i++) {
                    List<Change> drawn = changes.draw();
                    model.commit(drawn);
                    store.commit(drawn);
                }
            }
            try (SqlStore store = open()) {
                Store.Snapshot found = store.load();
                assertEquals(model.load().clients(), found.clients());
                assertSamePackages(model.load().catalogue(), found.catalogue());
            }
            try (Database tables = tables()) {
                assertEquals(named(model.load()), kept(tables));
            }
        }
    }

    private static Set<Digest> named(Store.Snapshot snapshot) {
        var named = new TreeSet<Digest>();
        snapshot.clients().forEach(view -> {
            for (Optional<Head> some : List.of(view.head(), view.before())) {
                some.ifPresent(head -> {
                    named.add(head.manifest().digest());
                    head.bundle().ifPresent(bundle -> named.add(bundle.digest()));
                    head.documents().values().forEach(document -> named.add(document.digest()));
                });
            }
            view.devices()
                    .values()
                    .forEach(device -> named.add(device.capabilities().source().digest()));
            view.deployments()
                    .values()
                    .forEach(deployment -> named.add(deployment.document().digest()));
        });
        snapshot.catalogue().forEach(one -> named.add(one.description().source().digest()));
        return named;
    }

    private static Set<Digest> kept(Database tables) {
        List<Digest> digests =
                tables.read(session -> session.query("SELECT digest FROM contents", row -> row.digest("digest")));
        return new TreeSet<>(digests);
    }

    @ParameterizedTest
    @CsvSource({
        "clients, standing = 'FAMOUS', press",
        "clients, since = 'once', press",
        "heads, version = '99999999999999999999', press 99999999999999999999",
        "head_documents, deployment = 'no uuid', press 00000000000000000001 no uuid",
        "devices, reported = '', press press-07",
        "deployments, chosen = '[]', press 00000000-0000-4000-8000-000000000001",
        "deployments, chosen = '{', press 00000000-0000-4000-8000-000000000001",
        "deployments, since = '00000000000000000000', press 00000000-0000-4000-8000-000000000001",
        "deployments, target = '..', press 00000000-0000-4000-8000-000000000001",
        "statuses, report = x'7b7d', press 00000000-0000-4000-8000-000000000001",
        "contents, bytes = x'00', sha256:",
        "packages, manifest = 'latest', press-monitor 1.4.0",
        "package_pins, component = 'NO', press-monitor 1.4.0 NO"
    })
    void aRowThatCannotBeReadIsNamedByTableAndKey(String table, String damage, String key) {
        try (SqlStore store = open()) {
            store.commit(everything());
        }
        try (Database tables = tables()) {
            tables.write(session -> session.update("DELETE FROM head_documents WHERE ? = 'heads'", table)
                    + session.update("UPDATE " + table + " SET " + damage));
        }

        try (SqlStore store = open()) {
            Fault fault = assertThrows(Fault.class, store::load);

            assertEquals(Fault.Kind.BROKEN, fault.kind());
            assertTrue(
                    fault.getMessage().contains("the row of table " + table + " with the key " + key),
                    fault.getMessage());
        }
    }

    @Test
    @Requirement({"MI-041", "MI-042"})
    void aVersionNeverGoesBack() {
        try (SqlStore store = open()) {
            store.commit(everything());
            ManifestVersion two = ManifestVersion.FIRST.next();
            store.commit(List.of(
                    new Change.HeadAdvanced(PRESS, Optional.of(ManifestVersion.FIRST), head(two, new TreeMap<>()))));
            Store.Snapshot before = store.load();

            for (ManifestVersion to : List.of(ManifestVersion.FIRST, two)) {
                Fault fault = assertThrows(
                        Fault.class,
                        () -> store.commit(
                                List.of(new Change.HeadAdvanced(PRESS, Optional.of(two), head(to, new TreeMap<>())))));
                assertEquals(Fault.Kind.BROKEN, fault.kind());
            }
            assertEquals(before.clients(), store.load().clients());
        }
    }

    @Test
    void aFullDatabaseIsUnavailableAndKeepsWhatItHas() {
        var limits = new DatabaseLimits(100, 100, 1, DatabaseLimits.DEFAULT.patience(), 100, 1 << 20);
        try (SqlStore store = SqlStore.open(file, limits)) {
            store.commit(everything());
            Store.Snapshot before = store.load();
            Deployment sample = Samples.deployment(PRESS, 2, ManifestVersion.FIRST);
            Blob large = Blob.of(new byte[1 << 20]);
            var change = new Change.DeploymentPut(sample.changed(sample.origin(), large, ManifestVersion.FIRST));

            Fault fault = assertThrows(Fault.class, () -> store.commit(List.of(change)));

            assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
            assertEquals(before.clients(), store.load().clients());
        }
    }

    @Test
    @Requirement("MI-106")
    void tenThousandStatusesOfManyClientsAtOnceAreAllKept() throws Exception {
        int clients = 100;
        int deployments = 100;
        try (SqlStore store = open();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                store.commit(List.of(put(new ClientId("client-" + client))));
            }
            var slots = new Semaphore(64);
            var pending = new ArrayList<Future<Boolean>>();
            for (int number = 0; number < clients * deployments; number++) {
                Change change = new Change.StatusPut(
                        new ClientId("client-" + number % clients),
                        Samples.status(number / clients, ManifestVersion.FIRST, State.INSTALLED));
                slots.acquire();
                pending.add(callers.submit((Callable<Boolean>) () -> {
                    try {
                        store.commit(List.of(change));
                        return true;
                    } finally {
                        slots.release();
                    }
                }));
            }
            for (Future<Boolean> one : pending) {
                assertTrue(one.get());
            }
        }
        try (SqlStore store = open()) {
            List<ClientView> views = store.load().clients();
            assertEquals(clients, views.size());
            views.forEach(view -> assertEquals(deployments, view.statuses().size()));
        }
    }
}
