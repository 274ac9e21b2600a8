// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import java.util.List;
import java.util.Set;

/// Finds the module in an OCI artifact (webassembly §4.1). The layout that is written today is the CNCF's; older ones
/// are read too, because registries and build chains still write them.
final class Artifact {
    private static final String RULE = "webassembly §4.1";
    private static final String WASM = "application/wasm";
    private static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";
    private static final String IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String OCRE_CONFIG = "application/vnd.ocre.image.config.v1+json";
    private static final String COMPONENT_LAYER = "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm";
    private static final Set<String> OLD_LAYERS =
            Set.of("application/vnd.module.wasm.content.layer.v1+wasm", "application/vnd.wasm.content.layer.v1+wasm");
    private static final Set<String> OLD_CONFIGS =
            Set.of("application/vnd.module.wasm.config.v1+json", "application/vnd.wasm.config.v1+json");
    private static final String TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String PACKAGE = "application/vnd.x-wasm.component.v1+json";
    private static final int UNPACKED_ENTRIES = 64;

    private record Descriptor(String mediaType, Digest digest, long size) {}

    private record Manifest(String artifactType, Descriptor config, List<Descriptor> layers) {}

    private final Blobs blobs;
    private final WasmSettings settings;

    private Artifact(Blobs blobs, WasmSettings settings) {
        this.blobs = blobs;
        this.settings = settings;
    }

    /// The bytes of the one module. What it looks like inside is for [ModuleOutline] to say.
    static Blob module(Digest artifact, Blobs blobs, WasmSettings settings) throws WorkloadException {
        return new Artifact(blobs, settings).module(artifact);
    }

    private Blob module(Digest artifact) throws WorkloadException {
        Manifest manifest;
        try {
            manifest = manifest(Json.read(blob(artifact)));
        } catch (Fault fault) {
            throw new WorkloadException(Codes.FORMAT_UNSUPPORTED, fault.getMessage(), false, fault);
        }
        if (manifest.artifactType.equals(PACKAGE) || manifest.config.mediaType.equals(PACKAGE)) {
            throw unsupported("packages of several modules (" + PACKAGE + ") are not run by this device");
        }
        if (manifest.layers.size() != 1) {
            throw unsupported("the artifact has " + manifest.layers.size() + " layers where one module is expected");
        }
        Descriptor layer = manifest.layers.getFirst();
        if (layer.size > settings.moduleBytes()) {
            throw new WorkloadException(
                    Codes.LIMIT_EXCEEDS_DEVICE,
                    "the module has " + layer.size + " bytes, this device allows " + settings.moduleBytes(),
                    false,
                    null);
        }
        String config = manifest.config.mediaType;
        if (config.equals(IMAGE_CONFIG) && layer.mediaType.equals(TAR_GZIP)) {
            return unpacked(manifest.config, layer);
        }
        boolean known = layer.mediaType.equals(WASM)
                        && Set.of(WASM_CONFIG, IMAGE_CONFIG, OCRE_CONFIG).contains(config)
                || layer.mediaType.equals(COMPONENT_LAYER) && config.equals(IMAGE_CONFIG)
                || OLD_LAYERS.contains(layer.mediaType) && (OLD_CONFIGS.contains(config) || config.equals(WASM_CONFIG));
        if (!known) {
            throw unsupported("a layer " + Text.quoted(layer.mediaType) + " with a configuration " + Text.quoted(config)
                    + " is no layout of a WebAssembly module");
        }
        if (config.equals(WASM_CONFIG)) {
            fits(manifest.config);
        }
        return sized(layer);
    }

    private static Manifest manifest(Tree tree) {
        return Fields.read("the artifact's manifest", tree, fields -> {
            var config = fields.needObject("config", RULE).map(Artifact::descriptor);
            List<Descriptor> layers = fields.needObjects("layers", RULE).stream()
                    .map(Artifact::descriptor)
                    .toList();
            String type = fields.text("artifactType", RULE).orElse("");
            return () -> new Manifest(type, config.orElseThrow(), layers);
        });
    }

    private static Descriptor descriptor(Fields fields) {
        String type = fields.needText("mediaType", RULE).orElse("");
        Digest digest = fields.need("digest", RULE, Digest::new).orElse(Blob.EMPTY.digest());
        long size = fields.needNumber("size", RULE)
                .map(number -> number.longValue())
                .orElse(0L);
        return new Descriptor(type, digest, size);
    }

    /// The declared system must be one that this device runs; a module for preview 2 would be a component.
    private void fits(Descriptor config) throws WorkloadException {
        Tree tree = json(config);
        if (tree instanceof Tree.Obj object
                && object.get("os").orElse(Tree.of("wasip1")) instanceof Tree.Str(var os)
                && !os.equals("wasip1")
                && !os.equals("wasi")) {
            throw unsupported("the module is for " + Text.quoted(os) + ", this device runs wasip1");
        }
    }

    private Blob unpacked(Descriptor config, Descriptor layer) throws WorkloadException {
        if (!settings.containerImages()) {
            throw unsupported(
                    "container images with a module inside are off on this device (runtime.wasm.container-images)");
        }
        if (!(json(config) instanceof Tree.Obj image)
                || !image.get("os").equals(java.util.Optional.of(Tree.of("wasi")))
                        && !image.get("architecture").equals(java.util.Optional.of(Tree.of("wasm")))) {
            throw unsupported("the container image is not one for WebAssembly");
        }
        try {
            var size = new Archive.Size(UNPACKED_ENTRIES, settings.moduleBytes(), settings.moduleBytes());
            List<Blob> modules = Archive.read(sized(layer), size).entrySet().stream()
                    .filter(file -> file.getKey().endsWith(".wasm"))
                    .map(file -> file.getValue())
                    .toList();
            if (modules.size() != 1) {
                throw unsupported("the container image holds " + modules.size() + " modules where one is expected");
            }
            return modules.getFirst();
        } catch (Fault fault) {
            throw new WorkloadException(Codes.FORMAT_UNSUPPORTED, fault.getMessage(), false, fault);
        }
    }

    private Tree json(Descriptor config) throws WorkloadException {
        try {
            return Json.read(sized(config));
        } catch (Fault fault) {
            throw new WorkloadException(
                    Codes.FORMAT_UNSUPPORTED, "the artifact's configuration: " + fault.getMessage(), false, fault);
        }
    }

    private Blob sized(Descriptor descriptor) throws WorkloadException {
        Blob blob = blob(descriptor.digest);
        if (blob.size() != descriptor.size) {
            throw new WorkloadException(
                    Codes.DIGEST_MISMATCH,
                    "the manifest says " + descriptor.size + " bytes for " + descriptor.digest + ", there are "
                            + blob.size(),
                    false,
                    null);
        }
        return blob;
    }

    private Blob blob(Digest digest) throws WorkloadException {
        Blob blob = blobs.get(digest)
                .orElseThrow(
                        () -> new WorkloadException(Codes.PULL_FAILED, digest + " is not on this device", true, null));
        if (!blob.digest().equals(digest)) {
            throw new WorkloadException(Codes.DIGEST_MISMATCH, digest + " has other bytes than its name", true, null);
        }
        return blob;
    }

    private static WorkloadException unsupported(String message) {
        return new WorkloadException(Codes.FORMAT_UNSUPPORTED, message, false, null);
    }
}
