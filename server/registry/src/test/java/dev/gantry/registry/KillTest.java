// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.http.ServerCheck;
import dev.gantry.oci.Access;
import dev.gantry.oci.ClientLimits;
import dev.gantry.oci.Credentials;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.HttpConnections;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.Manifest;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, killed in the middle of pushes: what it acknowledged is there when it comes back.
@Tag("live")
class KillTest {
    private static final int KILLS = 5;
    private static final int PATIENCE = 30;
    private static final int ARTIFACT_BYTES = 300_000;

    @TempDir
    Path folder;

    private final Map<Reference, Digest> acknowledged = new ConcurrentHashMap<>();
    private volatile String ended = "";
    private long starts;
    private long known;
    private Path log;
    private int port;
    private Process process;

    @BeforeEach
    void takePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /// Starts the process and waits until it says that it serves.
    private void start() throws IOException {
        log = folder.resolve("log");
        Files.writeString(log, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        known = starts;
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RegistryMain.class.getName(),
                        "--state-dir",
                        folder.resolve("state").toString(),
                        "--listen",
                        "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!answers()) {
            assertTrue(process.isAlive() && System.nanoTime() < end, () -> "the registry does not start: " + text(log));
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        starts = text(log)
                .lines()
                .filter(line -> line.contains("registry started"))
                .count();
        return starts > known;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private RegistryClient client(HttpConnections connections) {
        var token = new Secret(text(folder.resolve("state/push-token")));
        var credentials = Credentials.of(Map.of("127.0.0.1:" + port, new Credentials.Login("gantry", token)));
        return new RegistryClient(
                connections, credentials, Access.DEFAULT, ClientLimits.DEFAULT, InstantSource.system());
    }

    private void pushUntilKilled(int round) {
        var chance = new SplittableRandom(round);
        try (var connections = new HttpConnections(new ServerCheck.PublicPki(), ClientLimits.DEFAULT)) {
            RegistryClient client = client(connections);
            for (int i = 0; ; i++) {
                ImageLayout layout = ImageLayout.inMemory();
                byte[] noise = new byte[ARTIFACT_BYTES];
                chance.nextBytes(noise);
                Descriptor layer = layout.put("application/x-noise", Blob.of(noise));
                layout.put("application/vnd.oci.empty.v1+json", Descriptor.EMPTY);
                layout.put(Manifest.artifact("application/x-test", List.of(layer), new LinkedHashMap<>()), "it");
                Reference reference = Reference.parse("127.0.0.1:" + port + "/kill/test:" + round + "." + i);
                acknowledged.put(reference, client.push(layout, "it", reference));
            }
        } catch (Fault fault) {
            // The registry was killed: nobody knows what became of this one.
            ended = fault.getMessage();
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws IOException, InterruptedException {
        for (int round = 0; round < KILLS; round++) {
            start();
            int before = acknowledged.size();
            int now = round;
            Thread pushing = Thread.ofVirtual().start(() -> pushUntilKilled(now));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
            // Not at the same place each time: after one more artifact each round, and somewhere in the next.
            while (acknowledged.size() < before + 1 + round) {
                assertTrue(System.nanoTime() < end && pushing.isAlive(), () -> ended);
                Thread.onSpinWait();
            }
            process.destroyForcibly().waitFor();
            pushing.join();
        }

        start();
        try (var connections = new HttpConnections(new ServerCheck.PublicPki(), ClientLimits.DEFAULT)) {
            RegistryClient client = client(connections);
            for (var one : acknowledged.entrySet()) {
                assertEquals(
                        one.getValue(),
                        client.pull(one.getKey(), ImageLayout.inMemory()),
                        () -> "lost " + one.getKey());
            }
        }
        assertTrue(acknowledged.size() >= KILLS * (KILLS + 1) / 2);
    }
}
