// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.Memory;
import dev.gantry.agent.Memory.Accepted;
import dev.gantry.agent.Memory.Failure;
import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.Memory.Pin;
import dev.gantry.agent.Memory.Told;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Tree;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.ManifestVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The memory as JSON. Versions keep all 64 bits, times all their digits. A document of a later form is refused,
/// so that an agent that was rolled back does not forget what it does not know.
final class MemoryDocument {
    private static final long FORM = 1;
    private static final String WHAT = "the agent's journal";

    private MemoryDocument() {}

    static Blob write(Memory memory) {
        return Json.canonical(Tree.members()
                .put("form", FORM)
                .put("accepted", memory.accepted().map(MemoryDocument::accepted))
                .put("held", map(memory.held(), MemoryDocument::held))
                .put("told", map(memory.told(), MemoryDocument::told))
                .putText("capabilities", memory.capabilities().map(Digest::value))
                .build());
    }

    private static Tree.Obj accepted(Accepted manifest) {
        return Tree.members()
                .put("version", manifest.version().tree())
                .put("etag", manifest.etag())
                .put("skipped", manifest.skipped())
                .put("documents", map(manifest.documents(), digest -> Tree.of(digest.value())))
                .build();
    }

    private static Tree.Obj held(Held deployment) {
        return Tree.members()
                .put("document", deployment.document().value())
                .put("adopted", deployment.adopted().tree())
                .put("begun", deployment.begun().toString())
                .put("pins", map(deployment.pins(), MemoryDocument::pin))
                .put("failures", map(deployment.failures(), MemoryDocument::failure))
                .build();
    }

    private static Tree.Obj pin(Pin pin) {
        return Tree.members()
                .put("reference", pin.reference())
                .put("artifact", pin.artifact().value())
                .build();
    }

    private static Tree.Obj failure(Failure failure) {
        return Tree.members()
                .put("code", failure.code())
                .put("message", failure.message())
                .put("attempts", failure.attempts())
                .putText("again", failure.again().map(Instant::toString))
                .build();
    }

    private static Tree.Obj told(Told told) {
        return Tree.members()
                .put("document", told.document().value())
                .put("status", told.status().tree())
                .build();
    }

    private static <K, V> Tree.Obj map(SortedMap<K, V> values, Function<V, Tree> writer) {
        var members = Tree.members();
        values.forEach((key, value) -> members.put(String.valueOf(key), writer.apply(value)));
        return members.build();
    }

    /// Reads a journal; whatever is not exactly one is `INVALID`.
    static Memory read(Blob source) {
        return Fields.read(WHAT, Json.read(source, Limits.MANIFEST), root -> {
            root.needNumber("form", "")
                    .filter(form -> !Tree.of(form).equals(Tree.of(FORM)))
                    .ifPresent(form -> root.wrong("form", "", "is " + form + ", this agent writes " + FORM));
            Optional<Supplier<Accepted>> accepted = root.object("accepted", "").map(MemoryDocument::accepted);
            var held = entries(root, "held", DeploymentId::new, MemoryDocument::held);
            var told = entries(root, "told", DeploymentId::new, MemoryDocument::told);
            var capabilities = root.value("capabilities", "", Digest::new);
            root.closed("", List.of());
            return () -> new Memory(accepted.map(Supplier::get), all(held), all(told), capabilities);
        });
    }

    private static Supplier<Accepted> accepted(Fields fields) {
        var version = version(fields, "version");
        var etag = fields.needText("etag", "");
        var skipped = fields.bool("skipped", "");
        var documents = fields.needObject("documents", "").map(MemoryDocument::documents);
        return () ->
                new Accepted(version.orElseThrow(), etag.orElseThrow(), documents.orElseThrow(), skipped.orElse(false));
    }

    private static SortedMap<DeploymentId, Digest> documents(Fields fields) {
        var documents = new TreeMap<DeploymentId, Digest>();
        fields.tree()
                .members()
                .keySet()
                .forEach(name -> fields.need(name, "", Digest::new)
                        .ifPresent(digest ->
                                key(fields, name, DeploymentId::new).ifPresent(id -> documents.put(id, digest))));
        return documents;
    }

    private static Supplier<Held> held(Fields fields) {
        var document = fields.need("document", "", Digest::new);
        var adopted = version(fields, "adopted");
        var begun = fields.need("begun", "", MemoryDocument::instant);
        var pins = entries(fields, "pins", ComponentName::new, MemoryDocument::pin);
        var failures = entries(fields, "failures", ComponentName::new, MemoryDocument::failure);
        return () ->
                new Held(document.orElseThrow(), adopted.orElseThrow(), begun.orElseThrow(), all(pins), all(failures));
    }

    private static Supplier<Pin> pin(Fields fields) {
        var reference = fields.needText("reference", "");
        var artifact = fields.need("artifact", "", Digest::new);
        return () -> new Pin(reference.orElseThrow(), artifact.orElseThrow());
    }

    private static Supplier<Failure> failure(Fields fields) {
        var code = fields.needText("code", "");
        var message = fields.needText("message", "");
        var attempts = fields.needNumber("attempts", "");
        attempts.filter(count -> count.stripTrailingZeros().scale() > 0
                        || count.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0)
                .ifPresent(_ -> fields.wrong("attempts", "", "is not a count"));
        var again = fields.value("again", "", MemoryDocument::instant);
        return () -> new Failure(
                code.orElseThrow(),
                message.orElseThrow(),
                attempts.orElseThrow().intValueExact(),
                again);
    }

    private static Supplier<Told> told(Fields fields) {
        var document = fields.need("document", "", Digest::new);
        Optional<DeploymentStatus> status = fields.needObject("status", "").flatMap(inner -> {
            try {
                return Optional.of(
                        DeploymentStatus.read(Json.canonical(inner.tree())).value());
            } catch (Fault fault) {
                fields.wrong("status", "", fault.getMessage());
                return Optional.empty();
            }
        });
        return () -> new Told(document.orElseThrow(), status.orElseThrow());
    }

    private static Optional<ManifestVersion> version(Fields fields, String name) {
        return fields.needNumber(name, "").flatMap(number -> {
            try {
                return Optional.of(ManifestVersion.of(number));
            } catch (Fault fault) {
                fields.wrong(name, "", fault.getMessage());
                return Optional.empty();
            }
        });
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Fault(Fault.Kind.INVALID, "is not a time", e);
        }
    }

    private static <K> Optional<K> key(Fields fields, String name, Function<String, K> reader) {
        try {
            return Optional.of(reader.apply(name));
        } catch (Fault fault) {
            fields.wrong(name, "", fault.getMessage());
            return Optional.empty();
        }
    }

    private static <K, V> SortedMap<K, Supplier<V>> entries(
            Fields fields, String name, Function<String, K> keys, Function<Fields, Supplier<V>> values) {
        var entries = new TreeMap<K, Supplier<V>>();
        fields.needAny(name, "");
        for (Map.Entry<String, Fields> entry : fields.map(name, "").entrySet()) {
            Supplier<V> value = values.apply(entry.getValue());
            key(fields, entry.getKey(), keys).ifPresent(key -> entries.put(key, value));
        }
        return entries;
    }

    private static <K, V> SortedMap<K, V> all(SortedMap<K, Supplier<V>> entries) {
        var values = new TreeMap<K, V>();
        entries.forEach((key, value) -> values.put(key, value.get()));
        return values;
    }
}
