// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.Manifest;
import dev.gantry.oci.OciTypes;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// A plain WebAssembly module as an OCI artifact, in the layout of the CNCF working group (version 0): one layer.
final class WasmModule {
    private static final String CONFIG = "application/vnd.wasm.config.v0+json";
    private static final String LAYER = "application/wasm";
    private static final int MAGIC = 0x0061736d;
    private static final int MODULE = 0x01000000;
    private static final int HEADER = 8;

    private WasmModule() {}

    /// What is wrong with a file that should be a core module, if anything is.
    static Optional<String> complaint(Blob file) {
        ByteBuffer bytes = file.buffer();
        if (bytes.remaining() < HEADER || bytes.getInt() != MAGIC) {
            return Optional.of("is no WebAssembly module");
        }
        return bytes.getInt() == MODULE ? Optional.empty() : Optional.of("is no core module of version 1");
    }

    static Descriptor put(Blob module, String version, ImageLayout layout, String name) {
        Descriptor layer = layout.put(LAYER, module);
        Tree config = Tree.members()
                .put("created", "1970-01-01T00:00:00Z")
                .put("architecture", "wasm")
                .put("os", "wasip1")
                .put("layerDigests", Tree.ofTexts(List.of(layer.digest().value())))
                .build();
        var annotations = new LinkedHashMap<String, String>();
        annotations.put(OciTypes.VERSION, version);
        Descriptor described = layout.put(CONFIG, Json.canonical(config));
        return layout.put(
                new Manifest(OciTypes.MANIFEST, Optional.empty(), described, List.of(layer), annotations), name);
    }
}
