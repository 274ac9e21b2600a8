// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What a device reports of itself: `DeviceCapabilitiesManifest` (management interface, section 13; device digest).
///
/// @param properties as they were reported, unknown members included: what selectors look at
/// @param labels by which applications can select the device; values are scalars or arrays of one scalar type
@Requirement({"MI-085", "MI-095", "MI-096", "MI-097", "DV-004", "DV-005", "DV-010", "DV-011", "DV-012"})
public record Capabilities(
        DeviceId id,
        String vendor,
        String model,
        String serial,
        Tree.Obj properties,
        Tree.Obj labels,
        Extensions extensions) {
    private static final Set<String> OLDER_ROOT = Set.of("apiVersion", "kind");
    private static final List<String> OLDER_PROPERTIES = List.of("roles", "resources");
    private static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64", "arm", "riscv64", "other");
    private static final Set<String> PERIPHERALS = Set.of("gpu", "display", "camera", "microphone", "speaker");
    private static final Set<String> INTERFACES =
            Set.of("ethernet", "wifi", "cellular", "bluetooth", "usb", "canbus", "rs232");
    private static final Set<String> RUNTIMES = Set.of("oci", "custom");
    private static final Set<String> TYPES = Set.of("helm", "compose", "custom");

    /// Reads a report; runtimes and deployment types that nobody knows count as `custom` (MI-092, MI-093).
    public static Read<Capabilities> read(Blob source) {
        return new Read<>(source, Fields.read("device capabilities", Json.read(source), Capabilities::fields));
    }

    private static Supplier<Capabilities> fields(Fields root) {
        OLDER_ROOT.forEach(root::any);
        var properties = root.needObject("properties", "DV-004");
        var id = properties.flatMap(fields -> fields.need("id", "MI-080", DeviceId::new));
        var vendor = properties.flatMap(fields -> fields.needText("vendor", "MI-085"));
        var model = properties.flatMap(fields -> fields.needText("modelNumber", "MI-085"));
        var serial = properties.flatMap(fields -> fields.needText("serialNumber", "MI-085"));
        properties.ifPresent(Capabilities::hosting);
        var labels = root.object("labels", "DV-012");
        labels.ifPresent(Capabilities::labels);
        var extensions = new Extensions(root.matching(Extensions::isName, "MI-096"));
        root.closed("DV-011", Set.of());
        return () -> new Capabilities(
                id.orElseThrow(),
                vendor.orElseThrow(),
                model.orElseThrow(),
                serial.orElseThrow(),
                properties.orElseThrow().tree(),
                labels.map(Fields::tree).orElse(Tree.Obj.EMPTY),
                extensions);
    }

    private static void hosting(Fields fields) {
        OLDER_PROPERTIES.stream()
                .filter(name -> fields.any(name).isPresent())
                .forEach(name -> fields.wrong(name, "DV-011", "belongs to an older generation of the standard"));
        fields.objects("cpus", "DV-006").forEach(cpu -> {
            cpu.needNumber("cores", "DV-006");
            oneOf(cpu, "architecture", ARCHITECTURES);
        });
        size(fields, "memory", Form.MEMORY);
        size(fields, "storage", Form.STORAGE);
        fields.objects("peripherals", "DV-006").forEach(item -> {
            item.needAny("type", "DV-010");
            oneOf(item, "type", PERIPHERALS);
        });
        fields.objects("interfaces", "DV-006").forEach(item -> {
            item.needAny("type", "DV-010");
            oneOf(item, "type", INTERFACES);
        });
        fields.bool("otelCollector", "DV-007");
        someOf(fields, "supportedRuntimes", "DV-008");
        someOf(fields, "supportedDeploymentTypes", "DV-009");
    }

    private static void oneOf(Fields fields, String name, Set<String> words) {
        fields.text(name, "DV-010")
                .filter(word -> !words.contains(word))
                .ifPresent(_ -> fields.wrong(
                        name,
                        "DV-010",
                        "is not one of "
                                + String.join(", ", words.stream().sorted().toList())));
    }

    /// One blank before the unit is read, but never written (reading V-02).
    private static void size(Fields fields, String name, Pattern form) {
        fields.text(name, "DV-006")
                .filter(size -> !form.matcher(size.replaceFirst(" ", "")).matches())
                .ifPresent(_ -> fields.wrong(name, "DV-006", "is not a whole number with a binary unit such as 8Gi"));
    }

    private static void someOf(Fields fields, String name, String rule) {
        fields.texts(name, rule)
                .filter(List::isEmpty)
                .ifPresent(_ -> fields.wrong(name, rule, "needs at least one entry"));
    }

    private static void labels(Fields labels) {
        labels.tree().members().forEach((name, value) -> {
            if (!isLabel(value)) {
                labels.wrong(
                        name,
                        "DV-012",
                        "is not a string, number, boolean, or an array of only strings or only numbers");
            }
        });
    }

    private static boolean isLabel(Tree value) {
        return switch (value) {
            case Tree.Str _, Tree.Num _, Tree.Bool _ -> true;
            case Tree.Arr(var items) ->
                items.stream().allMatch(Tree.Str.class::isInstance)
                        || items.stream().allMatch(Tree.Num.class::isInstance);
            case Tree.Obj _, Tree.Null _ -> false;
        };
    }

    /// The deployment types that the device takes, unknown ones as `custom` (MI-093).
    @Requirement({"MI-092", "MI-093", "DV-018", "DV-019"})
    public List<String> deploymentTypes() {
        return words("supportedDeploymentTypes", TYPES);
    }

    /// The runtimes of the device, unknown ones as `custom` (MI-092).
    public List<String> runtimes() {
        return words("supportedRuntimes", RUNTIMES);
    }

    private List<String> words(String name, Set<String> known) {
        if (!(properties.get(name).orElse(null) instanceof Tree.Arr(var items))) {
            return List.of();
        }
        return items.stream()
                .map(item -> item instanceof Tree.Str(var word) && known.contains(word) ? word : "custom")
                .distinct()
                .toList();
    }

    /// The report as a client sends it.
    public Tree.Obj tree() {
        return Tree.members()
                .put("properties", properties)
                .put("labels", labels.members().isEmpty() ? Optional.empty() : Optional.of(labels))
                .putAll(extensions.members())
                .build();
    }
}
