// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Assembles a container image from layers: no base image, no engine, and equal input gives an equal image.
public final class ImageWriter {
    private static final String EPOCH = "1970-01-01T00:00:00Z";

    /// How the image's process is started.
    ///
    /// @param architecture as Go names it: `amd64`, `arm64`
    /// @param entrypoint program and first arguments
    /// @param environment variables
    /// @param user numeric, `65532:65532` for example; never root unless it has to be
    /// @param port TCP port that the process listens on, or 0
    public record Start(
            String architecture,
            List<String> entrypoint,
            SequencedMap<String, String> environment,
            String user,
            int port) {
        public Start {
            entrypoint = List.copyOf(entrypoint);
            environment = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(environment));
        }
    }

    private final List<Layer.Packed> layers = new ArrayList<>();
    private final LinkedHashMap<String, String> labels = new LinkedHashMap<>();

    /// Adds a layer on top of those before.
    public ImageWriter layer(Layer.Packed layer) {
        layers.add(layer);
        return this;
    }

    /// Adds a label.
    public ImageWriter label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    /// Writes the image into a layout under a name.
    public Descriptor write(Start start, ImageLayout layout, String name) {
        List<Descriptor> described = layers.stream()
                .map(layer -> layout.put(OciTypes.LAYER_TAR_GZIP, layer.blob()))
                .toList();
        Descriptor config = layout.put(OciTypes.CONFIG, Blob.utf8(Json.pretty(config(start))));
        return layout.put(Manifest.image(config, described), name);
    }

    private Tree config(Start start) {
        var run = Tree.members()
                .put("User", start.user())
                .put("Env", Tree.ofTexts(texts(start.environment())))
                .put("Entrypoint", Tree.ofTexts(start.entrypoint()));
        if (start.port() > 0) {
            run.put(
                    "ExposedPorts",
                    Tree.members().put(start.port() + "/tcp", Tree.Obj.EMPTY).build());
        }
        if (!labels.isEmpty()) {
            var values = Tree.members();
            labels.forEach(values::put);
            run.put("Labels", values.build());
        }
        return Tree.members()
                .put("created", EPOCH)
                .put("architecture", start.architecture())
                .put("os", "linux")
                .put("config", run.build())
                .put(
                        "rootfs",
                        Tree.members()
                                .put("type", "layers")
                                .put(
                                        "diff_ids",
                                        Tree.ofTexts(layers.stream()
                                                .map(layer -> layer.diffId().value())
                                                .toList()))
                                .build())
                .build();
    }

    private static List<String> texts(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
