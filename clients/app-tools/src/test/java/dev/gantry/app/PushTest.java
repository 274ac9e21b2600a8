// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.oci.Access;
import dev.gantry.oci.ApplicationPackage;
import dev.gantry.oci.ClientLimits;
import dev.gantry.oci.Credentials;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.OciTypes;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
    private static final Reference PACKAGE = Reference.parse("127.0.0.1:5000/com-smartcam-quality-camera:1.0.0");

    @TempDir
    Path folder;

    private final MemoryRegistry registry = new MemoryRegistry();
    private final RegistryClient client = new RegistryClient(
            _ -> registry::answer, Credentials.ANONYMOUS, Access.DEFAULT, ClientLimits.DEFAULT, InstantSource.system());

    /// Just enough of a registry: what was put is there, and the order of the manifests is kept.
    private static final class MemoryRegistry {
        private final Map<String, Blob> content = new HashMap<>();
        private final List<String> manifests = new ArrayList<>();

        Response answer(Request request) {
            String path = request.rawPath();
            return switch (request.method()) {
                case "POST" -> Response.of(202, "Location", path + "1");
                case "PUT" -> {
                    Blob body = request.body().whole(1 << 24);
                    String name = request.query("digest").orElse("");
                    content.put(name.isEmpty() ? path : name, body);
                    if (name.isEmpty()) {
                        manifests.add(path);
                        content.put(path.replaceFirst("[^/]*$", body.digest().value()), body);
                    }
                    yield Response.of(201);
                }
                default -> {
                    if (path.endsWith("/tags/list")) {
                        String prefix = path.replace("tags/list", "manifests/");
                        List<String> tags = manifests.stream()
                                .filter(name -> name.startsWith(prefix))
                                .map(name -> name.substring(prefix.length()))
                                .toList();
                        Tree body =
                                Tree.members().put("tags", Tree.ofTexts(tags)).build();
                        yield Response.of(200, "application/json", Json.canonical(body));
                    }
                    Blob found = content.get(path.contains("/blobs/") ? path.replaceAll("^.*/", "") : path);
                    yield found == null
                            ? Response.of(404)
                            : Response.of(200, OciTypes.MANIFEST, found)
                                    .with(
                                            "Docker-Content-Digest",
                                            Digest.of(found.toByteArray()).value());
                }
            };
        }
    }

    private static ImageLayout packed() {
        ImageLayout layout = ImageLayout.inMemory();
        Pack.into(
                layout,
                ApplicationFolder.of(Path.of("../../examples/smartcam")),
                new Pack.Target("127.0.0.1:5000", Optional.empty()));
        return layout;
    }

    @Test
    @Requirement("AD-080")
    void componentsArePushedBeforeThePackageThatNamesThem() {
        Push.from(packed(), client, false);

        assertEquals(
                List.of(
                        "/v2/smartcam/quality-camera/manifests/1.0.0",
                        "/v2/com-smartcam-quality-camera/manifests/1.0.0"),
                registry.manifests);
    }

    @Test
    void pushingTwiceIsHarmlessAndOtherContentNeedsAnotherVersion() {
        Push.from(packed(), client, false);
        Push.from(packed(), client, false);
        registry.content.put("/v2/smartcam/quality-camera/manifests/1.0.0", Blob.utf8("{}"));

        Fault fault = assertThrows(Fault.class, () -> Push.from(packed(), client, false));
        assertEquals(Fault.Kind.CONFLICT, fault.kind());
        Push.from(packed(), client, true);
    }

    @Test
    @Requirement("AD-081")
    void whatWasPushedIsPulledFileByFile() throws IOException {
        Push.from(packed(), client, false);
        Path output = folder.resolve("out");

        ApplicationPackage found = Pull.into(output, client, PACKAGE);

        assertEquals(found.description().source(), Blob.of(Files.readAllBytes(output.resolve("margo.yaml"))));
        assertEquals(
                -1,
                Files.mismatch(
                        output.resolve("resources/icon.svg"), Path.of("../../examples/smartcam/resources/icon.svg")));
        assertEquals(Optional.of(Tree.of("1.0.0")), Inspect.document(found).get("version"));
        assertEquals(
                Fault.Kind.CONFLICT,
                assertThrows(Fault.class, () -> Pull.into(output, client, PACKAGE))
                        .kind());
    }

    @Test
    @Requirement("AD-096")
    void aCorruptedFileLeavesNothingBehind() throws IOException {
        Push.from(packed(), client, false);
        Digest icon = ApplicationPackage.fetch(client, PACKAGE)
                .file("./resources/icon.svg")
                .orElseThrow()
                .digest();
        byte[] altered = registry.content.get(icon.value()).toByteArray();
        altered[3] ^= 1;
        registry.content.put(icon.value(), Blob.of(altered));

        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> Pull.into(folder.resolve("out"), client, PACKAGE))
                        .kind());
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    @Requirement({"AD-073", "AD-075"})
    void aComponentAndAPackageUnderAnotherTagAreNoPackages() {
        Push.from(packed(), client, false);
        Blob manifest = registry.content.get("/v2/com-smartcam-quality-camera/manifests/1.0.0");
        registry.content.put("/v2/com-smartcam-quality-camera/manifests/latest", manifest);

        Fault tag = assertThrows(Fault.class, () -> ApplicationPackage.fetch(client, PACKAGE.withTag("latest")));
        assertTrue(tag.getMessage().contains("AD-073"), tag::getMessage);
        Fault kind = assertThrows(
                Fault.class,
                () -> ApplicationPackage.fetch(
                        client, Reference.parse("127.0.0.1:5000/smartcam/quality-camera:1.0.0")));
        assertTrue(kind.getMessage().contains("AD-075"), kind::getMessage);
        ApplicationPackage.fetch(client, PACKAGE.withDigest(manifest.digest()));
    }
}
