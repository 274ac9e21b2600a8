// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// An OCI image manifest: a config and layers, of a container image or of any other artifact.
public record Manifest(
        String mediaType,
        Optional<String> artifactType,
        Descriptor config,
        List<Descriptor> layers,
        SequencedMap<String, String> annotations) {
    public Manifest {
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
    }

    /// A container image.
    public static Manifest image(Descriptor config, List<Descriptor> layers) {
        return new Manifest(OciTypes.MANIFEST, Optional.empty(), config, layers, new LinkedHashMap<>());
    }

    /// An artifact with the empty config.
    public static Manifest artifact(
            String artifactType, List<Descriptor> layers, SequencedMap<String, String> annotations) {
        Descriptor empty = Descriptor.of(OciTypes.EMPTY, Descriptor.EMPTY);
        return new Manifest(OciTypes.MANIFEST, Optional.of(artifactType), empty, layers, annotations);
    }

    /// Reads an image manifest; an index, or whatever else is no image manifest, is `INVALID`.
    public static Read<Manifest> read(Blob source) {
        return new Read<>(source, Fields.read("the OCI manifest", Json.read(source), Manifest::read));
    }

    private static Supplier<Manifest> read(Fields fields) {
        fields.needNumber("schemaVersion", "")
                .filter(version -> version.intValue() != 2)
                .ifPresent(_ -> fields.wrong("schemaVersion", "", "is not 2"));
        Optional<String> mediaType = fields.text("mediaType", "");
        mediaType.filter(OciTypes::isIndex).ifPresent(_ -> fields.wrong("mediaType", "", "is that of an index"));
        Optional<String> artifactType = fields.text("artifactType", "");
        Optional<Supplier<Descriptor>> config = fields.needObject("config", "").map(Descriptor::read);
        List<Supplier<Descriptor>> layers =
                fields.needObjects("layers", "").stream().map(Descriptor::read).toList();
        SequencedMap<String, String> annotations = Descriptor.annotations(fields);
        return () -> new Manifest(
                mediaType.orElse(OciTypes.MANIFEST),
                artifactType,
                config.orElseThrow().get(),
                layers.stream().map(Supplier::get).toList(),
                annotations);
    }

    /// The manifest's bytes; equal manifests give equal bytes.
    public Blob write() {
        var members = Tree.members().put("schemaVersion", 2).put("mediaType", mediaType);
        members.putText("artifactType", artifactType);
        members.put("config", config.tree());
        members.put("layers", Tree.of(layers.stream().map(Descriptor::tree).toList()));
        Descriptor.putAnnotations(members, annotations);
        return Blob.utf8(Json.pretty(members.build()));
    }
}
