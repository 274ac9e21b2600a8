// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.MemoryBlobs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArtifactTest {
    private static final String OCRE = "application/vnd.ocre.image.config.v1+json";
    private static final String TAR = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final Blob MODULE = Modules.HELLO;

    private final MemoryBlobs blobs = new MemoryBlobs();

    private Blob read(Digest artifact) throws WorkloadException {
        return Artifact.module(artifact, blobs, WasmSettings.DEFAULT);
    }

    private void refused(String code, String message, Digest artifact) {
        var refusal = assertThrows(WorkloadException.class, () -> read(artifact));
        assertEquals(code, refusal.code());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.wasm.config.v0+json, application/wasm",
        "application/vnd.module.wasm.config.v1+json, application/vnd.module.wasm.content.layer.v1+wasm",
        "application/vnd.wasm.config.v1+json, application/vnd.wasm.content.layer.v1+wasm",
        "application/vnd.oci.image.config.v1+json, application/wasm",
        "application/vnd.oci.image.config.v1+json, " + "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm",
        "application/vnd.ocre.image.config.v1+json, application/wasm",
    })
    void everyLayoutOfTheTableIsRead(String config, String layer) throws WorkloadException {
        Digest artifact = Layouts.artifact(blobs, config, Blob.utf8("{\"os\":\"wasip1\"}"), layer, List.of(MODULE));
        assertEquals(MODULE, read(artifact));
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.wasm.config.v0+json, application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.example.config.v1+json, application/wasm",
        "application/vnd.ocre.image.config.v1+json, application/vnd.wasm.content.layer.v1+wasm",
    })
    void otherLayoutsAreRefused(String config, String layer) {
        refused(
                "WASM_FORMAT_UNSUPPORTED",
                "no layout of a WebAssembly module",
                Layouts.artifact(blobs, config, Blob.utf8("{}"), layer, List.of(MODULE)));
    }

    @Test
    void severalLayersAreRefused() {
        refused(
                "WASM_FORMAT_UNSUPPORTED",
                "2 layers where one module is expected",
                Layouts.artifact(
                        blobs, Layouts.WASM_CONFIG, Blob.utf8("{}"), Layouts.WASM, List.of(MODULE, Modules.TRAP)));
    }

    @Test
    void aModuleForPreview2IsRefused() {
        refused(
                "WASM_FORMAT_UNSUPPORTED",
                "\"wasip2\"",
                Layouts.artifact(
                        blobs, Layouts.WASM_CONFIG, Blob.utf8("{\"os\":\"wasip2\"}"), Layouts.WASM, List.of(MODULE)));
    }

    @Test
    void aContainerImageWithOneModuleIsReadOnlyWhenAllowed() throws WorkloadException {
        Digest artifact = image("app.wasm", "notes.txt");
        refused("WASM_FORMAT_UNSUPPORTED", "runtime.wasm.container-images", artifact);
        var allowed = WasmSettings.of(Map.of("container-images", "true"));
        assertEquals(MODULE, Artifact.module(artifact, blobs, allowed));
        var two =
                assertThrows(WorkloadException.class, () -> Artifact.module(image("a.wasm", "b.wasm"), blobs, allowed));
        assertEquals("the container image holds 2 modules where one is expected", two.getMessage());
    }

    private Digest image(String... names) {
        var files = new LinkedHashMap<String, Blob>();
        List.of(names).forEach(name -> files.put(name, MODULE));
        Blob config = Blob.utf8("{\"os\":\"wasi\",\"architecture\":\"wasm\"}");
        return Layouts.artifact(blobs, Layouts.IMAGE_CONFIG, config, TAR, List.of(Archive.write(files)));
    }

    @Test
    void aSizeThatIsNotTheLayersIsRefused() {
        Blob config = Blob.utf8("{}");
        blobs.put(config);
        blobs.put(MODULE);
        Digest artifact = Layouts.manifest(
                blobs,
                Layouts.descriptor(OCRE, config),
                List.of(Layouts.descriptor(Layouts.WASM, MODULE.digest(), MODULE.size() + 1L)));
        refused("WASM_DIGEST_MISMATCH", "the manifest says " + (MODULE.size() + 1) + " bytes", artifact);
    }

    @Test
    void aLayerThatIsNotThereCanBeTriedAgain() {
        Blob config = Blob.utf8("{}");
        blobs.put(config);
        Digest artifact = Layouts.manifest(
                blobs,
                Layouts.descriptor(OCRE, config),
                List.of(Layouts.descriptor(Layouts.WASM, MODULE.digest(), MODULE.size())));
        var refusal = assertThrows(WorkloadException.class, () -> read(artifact));
        assertEquals("WASM_PULL_FAILED", refusal.code());
        assertTrue(refusal.again());
    }

    @Test
    void aModuleThatIsTooLargeIsRefusedUnread() {
        Blob config = Blob.utf8("{}");
        blobs.put(config);
        Digest artifact = Layouts.manifest(
                blobs,
                Layouts.descriptor(OCRE, config),
                List.of(Layouts.descriptor(Layouts.WASM, MODULE.digest(), 1L << 30)));
        refused("WASM_LIMIT_EXCEEDS_DEVICE", "this device allows 67108864", artifact);
    }

    @Test
    void aPackageOfSeveralModulesIsRefusedByItsName() {
        String type = "application/vnd.x-wasm.component.v1+json";
        refused(
                "WASM_FORMAT_UNSUPPORTED",
                "packages of several modules",
                Layouts.artifact(blobs, type, Blob.utf8("{}"), TAR, List.of(MODULE)));
    }

    @Test
    void aManifestThatIsNoneIsRefused() {
        for (String text : List.of("", "[]", "{}", "{\"config\":{},\"layers\":[7]}", "\u0000asm")) {
            Blob manifest = Blob.utf8(text);
            blobs.put(manifest);
            var refusal = assertThrows(WorkloadException.class, () -> read(manifest.digest()), text);
            assertEquals("WASM_FORMAT_UNSUPPORTED", refusal.code());
        }
    }
}
