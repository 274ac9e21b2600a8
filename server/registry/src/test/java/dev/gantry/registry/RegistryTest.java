// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.FileBlobs;
import dev.gantry.content.Secret;
import dev.gantry.content.Settings;
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
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our registry and our client over real sockets.
class RegistryTest {
    private static final int LARGE = 100 << 20;

    @TempDir
    Path folder;

    private final RegistryLimits limits = RegistryLimits.DEFAULT;

    private Registry started(String state, int port) {
        var config = new RegistryConfig(
                folder.resolve(state), new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "gantry", true);
        return Registry.start(config, limits, InstantSource.system(), new SecureRandom());
    }

    private static RegistryClient client(HttpConnections connections, Credentials credentials) {
        return new RegistryClient(
                connections, credentials, Access.DEFAULT, ClientLimits.DEFAULT, InstantSource.system());
    }

    private static HttpConnections connections() {
        return new HttpConnections(new ServerCheck.PublicPki(), ClientLimits.DEFAULT);
    }

    private Credentials login(int port) throws IOException {
        var token = new Secret(Files.readString(folder.resolve("a/push-token")));
        return Credentials.of(Map.of("127.0.0.1:" + port, new Credentials.Login("gantry", token)));
    }

    private ImageLayout layout(int bytes) {
        ImageLayout layout = ImageLayout.create(folder.resolve("layout"));
        byte[] noise = new byte[bytes];
        new java.util.Random(bytes).nextBytes(noise);
        Descriptor layer = layout.put("application/x-noise", Blob.of(noise));
        layout.put("application/vnd.oci.empty.v1+json", Descriptor.EMPTY);
        layout.put(Manifest.artifact("application/x-test", List.of(layer), new LinkedHashMap<>()), "1.0.0");
        return layout;
    }

    @Test
    void aLargeArtifactGoesInAndComesOutInFiles() throws IOException {
        try (Registry registry = started("a", 0);
                HttpConnections connections = connections()) {
            Reference reference = Reference.parse("127.0.0.1:" + registry.port() + "/acme/app:1.0.0");
            RegistryClient pushing = client(connections, login(registry.port()));
            RegistryClient pulling = client(connections, Credentials.ANONYMOUS);
            ImageLayout layout = layout(LARGE);

            var digest = pushing.push(layout, "1.0.0", reference);

            assertEquals(digest, pulling.resolve(reference));
            assertEquals(List.of("1.0.0"), pulling.tags(reference));
            ImageLayout copy = ImageLayout.create(folder.resolve("copy"));
            assertEquals(digest, pulling.pull(reference, copy));
            Descriptor layer = Manifest.read(copy.blob(digest)).value().layers().getFirst();
            assertEquals(-1, Files.mismatch(blob("copy", layer), blob("layout", layer)));
        }
    }

    @Test
    void anArtifactIsPulledIntoAStore() throws IOException {
        try (Registry registry = started("a", 0);
                HttpConnections connections = connections()) {
            Reference reference = Reference.parse("127.0.0.1:" + registry.port() + "/acme/app:1.0.0");
            client(connections, login(registry.port())).push(layout(1000), "1.0.0", reference);
            var store = new FileBlobs(folder.resolve("store"));

            Digest digest = client(connections, Credentials.ANONYMOUS).pull(reference, ImageLayout.over(store));

            Manifest manifest = Manifest.read(store.get(digest).orElseThrow()).value();
            assertTrue(manifest.layers().stream().allMatch(layer -> store.has(layer.digest())));
            assertTrue(store.has(manifest.config().digest()));
        }
    }

    private Path blob(String layout, Descriptor content) {
        return folder.resolve(layout)
                .resolve("blobs/sha256")
                .resolve(content.digest().hex());
    }

    @Test
    void whoDoesNotSignInPushesNothing() throws IOException {
        try (Registry registry = started("a", 0);
                HttpConnections connections = connections()) {
            Reference reference = Reference.parse("127.0.0.1:" + registry.port() + "/acme/app:1.0.0");
            var wrong = Credentials.of(
                    Map.of(reference.registry(), new Credentials.Login("gantry", new Secret("not the token"))));

            for (Credentials credentials : List.of(Credentials.ANONYMOUS, wrong)) {
                RegistryClient client = client(connections, credentials);
                Fault fault = assertThrows(Fault.class, () -> client.push(smallLayout(), "1.0.0", reference));
                assertEquals(Fault.Kind.REFUSED, fault.kind());
                assertTrue(fault.getMessage().contains(reference.registry()), fault::getMessage);
            }
            Fault fault = assertThrows(
                    Fault.class,
                    () -> client(connections, Credentials.ANONYMOUS).resolve(reference));
            assertEquals(Fault.Kind.MISSING, fault.kind());
        }
    }

    private static ImageLayout smallLayout() {
        ImageLayout layout = ImageLayout.inMemory();
        layout.put("application/vnd.oci.empty.v1+json", Descriptor.EMPTY);
        layout.put(Manifest.artifact("application/x-test", List.of(), new LinkedHashMap<>()), "1.0.0");
        return layout;
    }

    @Test
    void thePushTokenIsItsOwnersOnlyAndStays() throws IOException {
        Path file = folder.resolve("a/push-token");
        started("a", 0).close();
        String first = Files.readString(file);
        started("a", 0).close();

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(first, Files.readString(file));
    }

    @Test
    void aTakenPortAndATakenFolderAreNamed() {
        try (Registry registry = started("a", 0)) {
            Fault port = assertThrows(Fault.class, () -> started("b", registry.port()));
            assertTrue(port.getMessage().contains(String.valueOf(registry.port())), port::getMessage);
            Fault state = assertThrows(Fault.class, () -> started("a", 0));
            assertTrue(state.getMessage().contains(folder.resolve("a").toString()), state::getMessage);
        }
        started("b", 0).close();
    }

    @Test
    void aMisspeltSettingStopsTheStart() {
        assertThrows(Fault.class, () -> RegistryConfig.from(Settings.of(Map.of("state.folder", "x"))));
        assertFalse(RegistryConfig.from(Settings.of(Map.of("pull.anonymous", "false")))
                .anonymousPull());
    }
}
