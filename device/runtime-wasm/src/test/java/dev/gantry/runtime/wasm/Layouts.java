// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.util.ArrayList;
import java.util.List;

/// Writes OCI artifacts in the layouts that carry modules.
final class Layouts {
    static final String WASM = "application/wasm";
    static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";
    static final String IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json";

    private Layouts() {}

    /// The layout of the CNCF, which is what is written today.
    static Digest cncf(Blobs blobs, Blob module) {
        Blob config = Blob.utf8(
                "{\"architecture\":\"wasm\",\"os\":\"wasip1\",\"layerDigests\":[\"" + module.digest() + "\"]}");
        return artifact(blobs, WASM_CONFIG, config, WASM, List.of(module));
    }

    static Digest artifact(Blobs blobs, String configType, Blob config, String layerType, List<Blob> layers) {
        blobs.put(config);
        var descriptors = new ArrayList<Tree>();
        for (Blob layer : layers) {
            blobs.put(layer);
            descriptors.add(descriptor(layerType, layer));
        }
        return manifest(blobs, descriptor(configType, config), descriptors);
    }

    static Digest manifest(Blobs blobs, Tree config, List<Tree> layers) {
        Blob manifest = Json.canonical(Tree.members()
                .put("schemaVersion", 2)
                .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
                .put("config", config)
                .put("layers", Tree.of(layers))
                .build());
        blobs.put(manifest);
        return manifest.digest();
    }

    static Tree descriptor(String type, Blob blob) {
        return descriptor(type, blob.digest(), blob.size());
    }

    static Tree descriptor(String type, Digest digest, long size) {
        return Tree.members()
                .put("mediaType", type)
                .put("digest", digest.value())
                .put("size", size)
                .build();
    }
}
