// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Packs Compose components for tests.
final class Packages {
    static final String TYPE = "application/vnd.org.margo.component.compose+json";
    static final String LAYER = "application/vnd.org.margo.component.compose.tar+gzip";

    private Packages() {}

    static Digest packed(Blobs blobs, Map<String, String> files) {
        SequencedMap<String, Blob> content = new LinkedHashMap<>();
        files.forEach((name, text) -> content.put(name, Blob.utf8(text)));
        return packed(blobs, Archive.write(content), manifest -> manifest);
    }

    static Digest packed(Blobs blobs, Blob archive, java.util.function.UnaryOperator<Tree.Obj> change) {
        blobs.put(archive);
        Tree layer = Tree.members()
                .put("mediaType", LAYER)
                .put("digest", archive.digest().value())
                .put("size", archive.size())
                .build();
        Tree annotations = Tree.members()
                .put("org.margo.component.type", "compose")
                .put("org.margo.component.version", "1.0.0")
                .build();
        Blob manifest = Json.canonical(change.apply(Tree.members()
                .put("schemaVersion", 2)
                .put("artifactType", TYPE)
                .put("layers", Tree.of(List.of(layer)))
                .put("annotations", annotations)
                .build()));
        blobs.put(manifest);
        return manifest.digest();
    }
}
