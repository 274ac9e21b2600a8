// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.content.Blob;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.ImageWriter;
import dev.gantry.oci.Layer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The running registry and a client that we did not write.
@Tag("live")
class SkopeoTest {
    private static final int PATIENCE = 120;

    @TempDir
    Path folder;

    private Registry registry;

    @BeforeEach
    void start() {
        assumeTrue(isInstalled(), "skopeo is not installed; apt-get install skopeo");
        registry = started(0);
    }

    private Registry started(int port) {
        var config = new RegistryConfig(
                folder.resolve("registry"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                "gantry",
                true);
        return Registry.start(config, RegistryLimits.DEFAULT, InstantSource.system(), new SecureRandom());
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    private static boolean isInstalled() {
        try {
            return new ProcessBuilder("skopeo", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException _) {
            return false;
        }
    }

    private record Said(int status, String text) {}

    private Said skopeo(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("skopeo.out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(PATIENCE, TimeUnit.SECONDS), "skopeo does not end");
        } finally {
            process.destroyForcibly();
        }
        return new Said(process.exitValue(), Files.readString(out));
    }

    private Path image(String name, int bytes) {
        Path place = folder.resolve(name);
        ImageLayout layout = ImageLayout.create(place);
        byte[] noise = new byte[bytes];
        new java.util.Random(1).nextBytes(noise);
        var start = new ImageWriter.Start("amd64", List.of("/run"), new LinkedHashMap<>(), "65532", 0);
        new ImageWriter()
                .layer(new Layer().file("/run", Blob.of(noise), true).pack())
                .write(start, layout, "1.0.0");
        layout.save();
        return place;
    }

    private String pushToken() throws IOException {
        return Files.readString(folder.resolve("registry/push-token"), StandardCharsets.UTF_8);
    }

    @Test
    void anImageIsCopiedInAndOutAcrossARestart() throws IOException, InterruptedException {
        Path source = image("source", 20 << 20);
        Descriptor sent = ImageLayout.open(source).entries().getFirst();
        String name = "docker://127.0.0.1:" + registry.port() + "/acme/app:1.0.0";

        Said in = skopeo(
                "copy",
                "--dest-tls-verify=false",
                "--dest-creds",
                "gantry:" + pushToken(),
                "oci:" + source + ":1.0.0",
                name);
        assertEquals(0, in.status(), in.text());
        int port = registry.port();
        registry.close();
        registry = started(port);
        Path target = folder.resolve("target");
        Said out = skopeo("copy", "--src-tls-verify=false", name, "oci:" + target + ":1.0.0");
        assertEquals(0, out.status(), out.text());
        Said tags = skopeo("list-tags", "--tls-verify=false", name.replace(":1.0.0", ""));
        assertTrue(tags.text().contains("1.0.0"), tags.text());

        ImageLayout received = ImageLayout.open(target);
        assertEquals(sent.digest(), received.entry("1.0.0").digest());
        assertEquals(ImageLayout.open(source).blob(sent.digest()), received.blob(sent.digest()));
    }

    @Test
    void nobodyPushesWithoutTheToken() throws IOException, InterruptedException {
        Path source = image("source", 1000);
        String name = "docker://127.0.0.1:" + registry.port() + "/acme/app:1.0.0";

        Said anonymous = skopeo("copy", "--dest-tls-verify=false", "--dest-no-creds", "oci:" + source + ":1.0.0", name);
        Said wrong = skopeo(
                "copy", "--dest-tls-verify=false", "--dest-creds", "gantry:wrong", "oci:" + source + ":1.0.0", name);

        assertNotEquals(0, anonymous.status(), anonymous.text());
        assertNotEquals(0, wrong.status(), wrong.text());
        Said tags = skopeo("list-tags", "--tls-verify=false", name.replace(":1.0.0", ""));
        assertNotEquals(0, tags.status(), "nothing has appeared: " + tags.text());
    }
}
