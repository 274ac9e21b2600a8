// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

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
import dev.gantry.content.Yaml;
import dev.gantry.spec.Requirement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads a Compose component as it was packed: the manifest, its one layer, and the files inside, checked before
/// anything is written (application description §10.4).
final class ComposePackage {
    static final String FILE = "compose.yaml";
    static final String REFUSED = "COMPOSE_PACKAGE_INVALID";
    static final String PULL_FAILED = "COMPOSE_PULL_FAILED";

    private static final String TYPE = "application/vnd.org.margo.component.compose+json";
    private static final String LAYER = "application/vnd.org.margo.component.compose.tar+gzip";
    private static final String RULE = "AD-093";
    private static final String KIND = "org.margo.component.type";
    private static final String VERSION = "org.margo.component.version";

    private record Layer(Digest digest, long size) {}

    private ComposePackage() {}

    /// The files of the component, by their path below its one top-level directory, whose name means nothing.
    @Requirement({"AD-088", "AD-089", "AD-092", "AD-093", "AD-096"})
    static SequencedMap<String, Blob> files(Digest artifact, Blobs blobs) throws WorkloadException {
        try {
            Layer layer = layer(Json.read(blob(artifact, blobs)));
            Blob archive = blob(layer.digest, blobs);
            if (archive.size() != layer.size) {
                throw Fault.invalid("the manifest says " + layer.size + " bytes, the layer has " + archive.size());
            }
            SequencedMap<String, Blob> files = withoutTop(Archive.read(archive, Archive.Size.DEFAULT));
            Blob compose = files.get(FILE);
            if (compose == null) {
                throw Fault.invalid("there is no " + FILE + " in the archive's directory (AD-088)");
            }
            checkReferences(Yaml.read(compose), files.keySet());
            return files;
        } catch (Fault fault) {
            throw new WorkloadException(REFUSED, fault.getMessage(), false, fault);
        }
    }

    private static Blob blob(Digest digest, Blobs blobs) throws WorkloadException {
        Blob blob = blobs.get(digest)
                .orElseThrow(() -> new WorkloadException(PULL_FAILED, digest + " is not on this device", true, null));
        if (!blob.digest().equals(digest)) {
            throw new WorkloadException(PULL_FAILED, digest + " has other bytes than its name", true, null);
        }
        return blob;
    }

    private static Layer layer(Tree manifest) {
        return Fields.read("the component's manifest", manifest, fields -> {
            String type = fields.needText("artifactType", RULE).orElse(TYPE);
            if (!type.equals(TYPE)) {
                fields.wrong("artifactType", RULE, "is " + Text.quoted(type) + " instead of " + TYPE);
            }
            fields.needObject("annotations", RULE).ifPresent(annotations -> {
                String kind = annotations.needText(KIND, RULE).orElse("compose");
                if (!kind.equals("compose")) {
                    annotations.wrong(KIND, RULE, "is not compose");
                }
                annotations.needText(VERSION, RULE);
            });
            List<Fields> layers = fields.needObjects("layers", RULE);
            if (layers.size() != 1) {
                fields.wrong("layers", RULE, "must have exactly one layer, there are " + layers.size());
                return () -> new Layer(Blob.EMPTY.digest(), 0);
            }
            Fields only = layers.getFirst();
            String layerType = only.needText("mediaType", RULE).orElse(LAYER);
            if (!layerType.equals(LAYER)) {
                only.wrong("mediaType", RULE, "is " + Text.quoted(layerType) + " instead of " + LAYER);
            }
            var digest = only.need("digest", RULE, Digest::new);
            var size = only.needNumber("size", RULE);
            return () -> new Layer(digest.orElseThrow(), size.orElseThrow().longValue());
        });
    }

    private static SequencedMap<String, Blob> withoutTop(SequencedMap<String, Blob> packed) {
        Set<String> tops = packed.keySet().stream()
                .map(name -> name.substring(0, Math.max(0, name.indexOf('/'))))
                .collect(Collectors.toSet());
        if (tops.size() != 1 || tops.contains("")) {
            throw Fault.invalid("the archive has not exactly one top-level directory (AD-088)");
        }
        int cut = tops.iterator().next().length() + 1;
        var files = new LinkedHashMap<String, Blob>();
        packed.forEach((name, content) -> files.put(name.substring(cut), content));
        return files;
    }

    /// What the file refers to must be inside: `env_file` and file-based `configs` (AD-090, AD-092).
    @Requirement({"AD-090", "AD-092"})
    private static void checkReferences(Tree compose, Set<String> files) {
        if (!(compose instanceof Tree.Obj root)) {
            throw Fault.invalid(FILE + " is not an object");
        }
        members(root, "services").forEach((service, tree) -> {
            if (tree instanceof Tree.Obj object) {
                object.get("env_file").ifPresent(value -> inside("services." + service + ".env_file", value, files));
            }
        });
        members(root, "configs").forEach((config, tree) -> {
            if (tree instanceof Tree.Obj object) {
                object.get("file").ifPresent(value -> inside("configs." + config + ".file", value, files));
            }
        });
    }

    private static SequencedMap<String, Tree> members(Tree.Obj root, String name) {
        return root.get(name).orElse(Tree.Obj.EMPTY) instanceof Tree.Obj object
                ? object.members()
                : Tree.Obj.EMPTY.members();
    }

    private static void inside(String where, Tree value, Set<String> files) {
        switch (value) {
            case Tree.Arr(var items) -> items.forEach(item -> inside(where, item, files));
            case Tree.Obj object -> {
                boolean needed = !object.get("required").equals(java.util.Optional.of(Tree.of(false)));
                object.get("path").filter(_ -> needed).ifPresent(path -> inside(where, path, files));
            }
            case Tree.Str(var path) -> {
                String relative = path.startsWith("./") ? path.substring(2) : path;
                if (!files.contains(relative)) {
                    throw Fault.invalid(where + " names " + Text.quoted(path) + ", which is not inside (AD-090)");
                }
            }
            case Tree.Num _, Tree.Bool _, Tree.Null _ -> throw Fault.invalid(where + " is not a path");
        }
    }
}
