// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.Client;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Head;
import dev.gantry.wfm.Samples;
import dev.gantry.wfm.Store;
import dev.gantry.wire.rc3.Paths;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that publishes manifests, killed in the middle of it: what it said to be durable is there, and
/// nothing is there by half.
@Timeout(120)
class KillTest {
    private static final int KILLS = 3;
    private static final int CLIENTS = 8;
    private static final int SPOKEN = 120;

    @TempDir
    Path folder;

    /// Publishes one manifest after the other for each client until it is killed, and says which are durable.
    static final class Publishing {
        private Publishing() {}

        static void main(String[] arguments) {
            SqlStore store = SqlStore.open(Path.of(arguments[0]));
            var out = new Object();
            for (int i = 0; i < CLIENTS; i++) {
                var client = new ClientId("client-" + i);
                Thread.ofPlatform().start(() -> {
                    store.commit(
                            List.of(new Change.ClientPut(new Client(client, Client.Standing.ACCEPTED, Samples.TIME))));
                    while (true) {
                        ManifestVersion version = publish(store, client);
                        synchronized (out) {
                            System.out.println("durable " + client + " " + version + " .");
                        }
                    }
                });
            }
        }

        private static ManifestVersion publish(Store store, ClientId client) {
            Optional<ManifestVersion> from =
                    store.client(client).flatMap(ClientView::head).map(Head::version);
            ManifestVersion to = from.map(ManifestVersion::next).orElse(ManifestVersion.FIRST);
            Blob document = Samples.document(1, client + " " + to);
            var sample = Samples.deployment(client, 1, to);
            var wanted = new TreeMap<DeploymentId, Blob>();
            wanted.put(sample.id(), document);
            store.commit(List.of(
                    new Change.DeploymentPut(sample.changed(sample.origin(), document, to)),
                    new Change.HeadAdvanced(client, from, Head.of(Paths.ROOT, to, wanted)),
                    new Change.StatusPut(client, Samples.status(1, to, State.INSTALLING))));
            return to;
        }
    }

    /// Starts the process, kills it after it has spoken often enough, and keeps what it has said.
    private void killed(Path file, Map<ClientId, ManifestVersion> durable) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Publishing.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int spoken = 0;
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length == 4 && words[0].equals("durable") && words[3].equals(".")) {
                    durable.put(new ClientId(words[1]), new ManifestVersion(Long.parseUnsignedLong(words[2])));
                    spoken++;
                }
                if (spoken == SPOKEN) {
                    // Unlike the process, its handle leaves the pipe open: what was said before is still heard.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertTrue(spoken >= SPOKEN, "the process ended by itself");
    }

    private static void assertWhole(ClientView view) {
        Head head = view.head().orElseThrow();
        var deployment = view.deployments().get(Samples.deploymentId(1));
        assertEquals(view.wanted(), head.documents());
        assertEquals(head.version(), deployment.since());
        assertEquals(
                head.version(), view.statuses().get(deployment.id()).status().adopted());
        view.before()
                .ifPresent(
                        before -> assertEquals(head.version(), before.version().next()));
    }

    @Test
    @Requirement({"MI-041", "MI-042"})
    void whatWasAcknowledgedSurvivesAKillAndNothingIsThereByHalf() throws IOException, InterruptedException {
        Path file = folder.resolve("wfm.db");
        var durable = new TreeMap<ClientId, ManifestVersion>();
        for (int round = 0; round < KILLS; round++) {
            killed(file, durable);

            try (SqlStore store = SqlStore.open(file)) {
                List<ClientView> views = store.load().clients();
                views.stream().filter(view -> view.head().isPresent()).forEach(KillTest::assertWhole);
                durable.forEach((client, version) -> assertFalse(
                        version.isAfter(store.client(client)
                                .flatMap(ClientView::head)
                                .orElseThrow()
                                .version()),
                        () -> client + " lost " + version));
            }
        }
    }
}
