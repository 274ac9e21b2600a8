// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fields;
import dev.gantry.content.Tree;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// What is known of some content without having it: its type, digest and size.
///
/// @param artifactType of the manifest that is described, if it is one that says so
/// @param size in bytes
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        Optional<String> artifactType,
        SequencedMap<String, String> annotations) {
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    /// The two bytes `{}`, which stand where a manifest needs a config but has none (AD-076).
    public static final Blob EMPTY = Blob.utf8("{}");

    public Descriptor {
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
    }

    /// Describes these bytes.
    public static Descriptor of(String mediaType, Blob blob) {
        return new Descriptor(mediaType, blob.digest(), blob.size(), Optional.empty(), new LinkedHashMap<>());
    }

    /// The same with one more annotation.
    public Descriptor with(String key, String value) {
        var more = new LinkedHashMap<>(annotations);
        more.put(key, value);
        return new Descriptor(mediaType, digest, size, artifactType, more);
    }

    /// The same, of a manifest that says what artifact it is.
    public Descriptor withArtifactType(String type) {
        return new Descriptor(mediaType, digest, size, Optional.of(type), annotations);
    }

    /// The value of an annotation.
    public Optional<String> annotation(String key) {
        return Optional.ofNullable(annotations.get(key));
    }

    static Supplier<Descriptor> read(Fields fields) {
        Optional<String> mediaType = fields.needText("mediaType", "");
        Optional<Digest> digest = fields.need("digest", "", Digest::new);
        Optional<BigDecimal> size = fields.needNumber("size", "");
        size.filter(number ->
                        number.signum() < 0 || number.stripTrailingZeros().scale() > 0 || number.compareTo(LARGEST) > 0)
                .ifPresent(_ -> fields.wrong("size", "", "is not a number of bytes"));
        Optional<String> artifactType = fields.text("artifactType", "");
        SequencedMap<String, String> annotations = annotations(fields);
        return () -> new Descriptor(
                mediaType.orElseThrow(),
                digest.orElseThrow(),
                size.orElseThrow().longValueExact(),
                artifactType,
                annotations);
    }

    static SequencedMap<String, String> annotations(Fields fields) {
        var result = new LinkedHashMap<String, String>();
        fields.object("annotations", "")
                .ifPresent(inner -> inner.tree()
                        .members()
                        .keySet()
                        .forEach(key -> inner.text(key, "").ifPresent(value -> result.put(key, value))));
        return result;
    }

    Tree.Obj tree() {
        var members = Tree.members()
                .put("mediaType", mediaType)
                .put("digest", digest.value())
                .put("size", size);
        if (mediaType.equals(OciTypes.EMPTY) && digest.equals(EMPTY.digest())) {
            members.put("data", "e30=");
        }
        members.putText("artifactType", artifactType);
        putAnnotations(members, annotations);
        return members.build();
    }

    static void putAnnotations(Tree.Members members, Map<String, String> annotations) {
        if (!annotations.isEmpty()) {
            var values = Tree.members();
            annotations.forEach(values::put);
            members.put("annotations", values.build());
        }
    }
}
