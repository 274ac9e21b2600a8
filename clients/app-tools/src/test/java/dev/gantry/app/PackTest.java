// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.Manifest;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackTest {
    private static final Path EXAMPLES = Path.of("../../examples");
    private static final Pack.Target TARGET = new Pack.Target("127.0.0.1:5000", Optional.empty());

    @TempDir
    Path folder;

    private ApplicationFolder softSense(String example) throws IOException {
        byte[] empty = {0, 'a', 's', 'm', 1, 0, 0, 0};
        Path module = Files.write(folder.resolve("softsense.wasm"), empty);
        return ApplicationFolder.of(EXAMPLES.resolve(example)).with(Map.of(new ComponentName("softsense"), module));
    }

    private static Manifest manifest(ImageLayout layout, String name) {
        return Manifest.read(layout.blob(layout.entry(name).digest())).value();
    }

    private static Tree json(ImageLayout layout, Digest digest) {
        return Json.read(layout.blob(digest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"softsense", "softsense-1.1.0"})
    void aWebAssemblyApplicationIsPacked(String example) throws IOException {
        String version = example.endsWith("1.1.0") ? "1.1.0" : "1.0.0";
        Path output = folder.resolve("out");

        List<Pack.Packed> packed = Pack.into(output, softSense(example), TARGET);

        assertEquals(
                List.of(
                        "127.0.0.1:5000/softsense/vibration-monitor:" + version,
                        "127.0.0.1:5000/com-softsense-vibration-monitor:" + version),
                packed.stream().map(one -> one.reference().toString()).toList());
        ImageLayout layout = ImageLayout.open(output);
        Manifest component = manifest(layout, packed.getFirst().reference().toString());
        assertEquals("application/vnd.wasm.config.v0+json", component.config().mediaType());
        assertEquals(
                List.of("application/wasm"),
                component.layers().stream().map(Descriptor::mediaType).toList());
        Tree.Obj config = (Tree.Obj) json(layout, component.config().digest());
        assertEquals(Optional.of(Tree.of("wasm")), config.get("architecture"));
        assertEquals(Optional.of(Tree.of("wasip1")), config.get("os"));
        assertEquals(
                Optional.of(Tree.ofTexts(
                        List.of(component.layers().getFirst().digest().value()))),
                config.get("layerDigests"));
    }

    @Test
    @Requirement({"AD-073", "AD-074", "AD-075", "AD-076", "AD-077", "AD-078", "AD-079"})
    void thePackageHoldsTheDescriptionAndItsResources() throws IOException {
        ImageLayout layout = ImageLayout.inMemory();
        List<Pack.Packed> packed = Pack.into(layout, softSense("softsense"), TARGET);

        Manifest manifest = manifest(layout, packed.getLast().reference().toString());

        assertEquals(Optional.of("application/vnd.margo.app.v1+json"), manifest.artifactType());
        Tree.Obj written = (Tree.Obj) json(layout, packed.getLast().digest());
        assertEquals(
                Json.read(
                        Blob.utf8(
                                "{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"sha256:"
                                        + "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\",\"size\":2,\"data\":\"e30=\"}")),
                written.get("config").orElseThrow());
        assertEquals(
                List.of(
                        "margo.yaml application/vnd.margo.app.description.v1+yaml -",
                        "resources/icon.svg application/vnd.margo.app.icon.v1+svg+xml icon",
                        "resources/description.md application/vnd.margo.app.descriptionFile.v1+markdown descriptionFile",
                        "resources/license.txt application/vnd.margo.app.licenseFile.v1+plain licenseFile",
                        "resources/release-notes.md application/vnd.margo.app.releaseNotes.v1+markdown releaseNotes"),
                manifest.layers().stream()
                        .map(layer -> layer.annotation("org.opencontainers.image.title")
                                        .orElse("-") + " " + layer.mediaType() + " "
                                + layer.annotation("org.margo.app.resource").orElse("-"))
                        .toList());
        ApplicationDescription description = ApplicationDescription.read(
                        layout.blob(manifest.layers().getFirst().digest()))
                .value();
        assertEquals(
                "oci://127.0.0.1:5000/softsense/vibration-monitor",
                description
                        .deploymentProfiles()
                        .getFirst()
                        .components()
                        .getFirst()
                        .repository()
                        .value());
    }

    @Test
    @Requirement({"AD-085", "AD-086", "AD-087", "AD-088"})
    void aComposeComponentIsOneArchiveWithOneFolder() {
        ImageLayout layout = ImageLayout.inMemory();
        List<Pack.Packed> packed = Pack.into(layout, ApplicationFolder.of(EXAMPLES.resolve("smartcam")), TARGET);

        Manifest manifest = manifest(layout, "127.0.0.1:5000/smartcam/quality-camera:1.0.0");

        assertEquals(2, packed.size());
        assertEquals(Optional.of("application/vnd.org.margo.component.compose+json"), manifest.artifactType());
        assertEquals(1, manifest.layers().size());
        Descriptor layer = manifest.layers().getFirst();
        assertEquals("application/vnd.org.margo.component.compose.tar+gzip", layer.mediaType());
        for (var annotations : List.of(layer.annotations(), manifest.annotations())) {
            assertEquals("compose", annotations.get("org.margo.component.type"));
            assertEquals("1.0.0", annotations.get("org.margo.component.version"));
            assertEquals("1.0.0", annotations.get("org.opencontainers.image.version"));
        }
        var files = Archive.read(layout.blob(layer.digest()), Archive.Size.DEFAULT);
        assertEquals(List.of("smartcam/compose.yaml"), List.copyOf(files.keySet()));
        String compose = files.firstEntry().getValue().text();
        assertTrue(compose.contains("image: 127.0.0.1:5000/smartcam/camera:1.0.0"), compose);
        assertFalse(compose.contains("REGISTRY"), compose);
    }

    @Test
    void equalSourcesGiveEqualBytes() throws IOException {
        ImageLayout one = ImageLayout.inMemory();
        ImageLayout two = ImageLayout.inMemory();

        assertEquals(Pack.into(one, softSense("softsense"), TARGET), Pack.into(two, softSense("softsense"), TARGET));
        ApplicationFolder camera = ApplicationFolder.of(EXAMPLES.resolve("smartcam/margo.yaml"));
        assertEquals(Pack.into(one, camera, TARGET), Pack.into(two, camera, TARGET));
    }

    @Test
    void whatDoesNotLintIsNotPackedAndNothingRemains() throws IOException {
        Path sources = Files.createDirectory(folder.resolve("sources"));
        Files.writeString(sources.resolve("margo.yaml"), "apiVersion: v1\nid: Bad\n");
        Path output = folder.resolve("out");

        Fault fault = assertThrows(Fault.class, () -> Pack.into(output, ApplicationFolder.of(sources), TARGET));

        assertEquals(Fault.Kind.INVALID, fault.kind());
        assertTrue(fault.getMessage().contains("margo.yaml:2"), fault::getMessage);
        try (var left = Files.list(folder)) {
            assertEquals(List.of(sources), left.toList());
        }
    }

    @Test
    void anOutputThatExistsIsLeftAlone() throws IOException {
        ApplicationFolder sources = softSense("softsense");
        Path output = Files.createDirectory(folder.resolve("out"));

        assertEquals(
                Fault.Kind.CONFLICT,
                assertThrows(Fault.class, () -> Pack.into(output, sources, TARGET))
                        .kind());
    }
}
