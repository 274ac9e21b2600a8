// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Read;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What runs where, with which values: the YAML document that a WFM serves for each deployment.
///
/// @param metadata where it goes; its name is the source of errors that concern the deployment as a whole (MI-116)
/// @param profile what is installed
/// @param parameters by name; the order is the document's
/// @param extensions of `spec`, from the WFM to a device supplier (DP-017)
@Requirement({"DP-001", "DP-002", "DP-003", "DP-004", "DP-005", "DP-006", "DP-007", "DP-008", "DP-009"})
public record ApplicationDeployment(
        DeploymentId id,
        Metadata metadata,
        ApplicationId application,
        Profile profile,
        Map<String, Parameter> parameters,
        Extensions extensions) {
    private static final Set<String> OLDER_ROOT = Set.of("apiVersion", "kind");

    /// `metadata`: where it goes.
    ///
    /// @param target the device, a child behind a gateway, or `gateway/*` where the gateway chooses
    public record Metadata(String name, String namespace, Target target) {}

    /// The device that a deployment is for; a trailing `/*` lets a gateway choose a child (DP-003).
    public record Target(String value) {
        public Target {
            Form.checked(Form.TARGET, value, "a device id, optionally ending in '/*'");
            DeviceId.noDots(value);
        }

        /// The device, unless a gateway chooses it.
        public Optional<DeviceId> device() {
            return value.endsWith("/*") ? Optional.empty() : Optional.of(new DeviceId(value));
        }
    }

    /// `spec.deploymentProfile`.
    ///
    /// @param type `helm`, `compose`, `custom`: an open set (reading A-21)
    /// @param components in the order of installation (DP-030)
    /// @param constraints `deviceConstraints`, word for word as the description has them (DP-013)
    public record Profile(String type, List<Component> components, Optional<Tree> constraints, Extensions extensions) {
        public Profile {
            components = List.copyOf(components);
        }
    }

    /// One component of the profile.
    ///
    /// @param waits whether the next component waits until this one runs (AD-017)
    /// @param timeout after which an installation has failed; absent means the device's own limit
    public record Component(
            ComponentName name,
            Repository repository,
            Revision revision,
            Optional<Boolean> waits,
            Optional<String> timeout,
            Extensions extensions) {
        /// `wait`, which is true unless it says otherwise.
        public boolean waitsForRunning() {
            return waits.orElse(true);
        }

        /// `timeout` as a duration.
        public Optional<Duration> within() {
            return timeout.map(ApplicationDeployment::duration);
        }
    }

    /// One value and where it goes.
    public record Parameter(Tree value, List<ParameterTarget> targets) {
        public Parameter {
            targets = List.copyOf(targets);
        }
    }

    /// Where a value goes in which components.
    public record ParameterTarget(String pointer, List<String> components) {
        public ParameterTarget {
            components = List.copyOf(components);
        }
    }

    public ApplicationDeployment {
        parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /// The values that go to one component, by pointer; where two go to one place the later wins (reading D-09).
    public Map<String, Tree> valuesOf(ComponentName component) {
        var values = new LinkedHashMap<String, Tree>();
        parameters
                .values()
                .forEach(parameter -> parameter.targets().stream()
                        .filter(target -> target.components().contains(component.value()))
                        .forEach(target -> values.put(target.pointer(), parameter.value())));
        return values;
    }

    static Duration duration(String timeout) {
        int minutes = timeout.indexOf('m');
        try {
            return Duration.ofMinutes(Long.parseLong(timeout.substring(0, minutes)))
                    .plusSeconds(Long.parseLong(timeout.substring(minutes + 1, timeout.length() - 1)));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new Fault(Fault.Kind.INVALID, Text.quoted(timeout) + " is longer than can be counted", e);
        }
    }

    /// Reads a deployment document.
    public static Read<ApplicationDeployment> read(Blob source) {
        return new Read<>(
                source, Fields.read("application deployment", Yaml.read(source), ApplicationDeployment::fields));
    }

    private static Supplier<ApplicationDeployment> fields(Fields root) {
        var id = root.need("id", "DP-001", DeploymentId::new);
        OLDER_ROOT.forEach(root::any);
        var metadata = root.needObject("metadata", "DP-002").map(ApplicationDeployment::metadata);
        var spec = root.needObject("spec", "DP-004");
        var application = spec.flatMap(fields -> fields.need("applicationId", "DP-004", ApplicationId::new));
        var profile = spec.flatMap(fields -> fields.needObject("deploymentProfile", "DP-005"))
                .map(ApplicationDeployment::profile);
        var parameters = new LinkedHashMap<String, Supplier<Parameter>>();
        spec.ifPresent(fields ->
                fields.map("parameters", "DP-009").forEach((name, inner) -> parameters.put(name, parameter(inner))));
        var extensions = spec.map(ApplicationDeployment::extensions);
        spec.ifPresent(fields -> fields.closed("DP-008", Set.of()));
        return () -> {
            var values = new LinkedHashMap<String, Parameter>();
            parameters.forEach((name, value) -> values.put(name, value.get()));
            return new ApplicationDeployment(
                    id.orElseThrow(),
                    metadata.orElseThrow().get(),
                    application.orElseThrow(),
                    profile.orElseThrow().get(),
                    values,
                    extensions.orElseThrow());
        };
    }

    private static Supplier<Metadata> metadata(Fields fields) {
        var name = fields.needText("name", "DP-002");
        var namespace = fields.needText("namespace", "DP-002");
        var target = fields.need("deviceId", "DP-003", Target::new);
        return () -> new Metadata(name.orElseThrow(), namespace.orElseThrow(), target.orElseThrow());
    }

    private static Extensions extensions(Fields fields) {
        return new Extensions(fields.matching(Extensions::isName, "DP-008"));
    }

    private static Supplier<Profile> profile(Fields fields) {
        var type = fields.needText("type", "DP-005");
        var names = new HashSet<ComponentName>();
        List<Supplier<Component>> components = fields.needObjects("components", "DP-005").stream()
                .map(inner -> component(inner, names))
                .toList();
        if (components.isEmpty() && fields.any("components").isPresent()) {
            fields.wrong("components", "DP-005", "has no component");
        }
        Optional<Tree> constraints =
                fields.object("deviceConstraints", "DP-013").map(Fields::tree);
        var extensions = extensions(fields);
        fields.closed("DP-008", Set.of());
        return () -> new Profile(
                type.orElseThrow(), components.stream().map(Supplier::get).toList(), constraints, extensions);
    }

    private static Supplier<Component> component(Fields fields, Set<ComponentName> names) {
        var name = fields.need("name", "DP-006", ComponentName::new);
        name.filter(known -> !names.add(known)).ifPresent(_ -> fields.wrong("name", "AD-011", "stands twice"));
        var properties = fields.needObject("properties", "DP-006");
        var repository = properties.flatMap(inner -> inner.need("repository", "DP-006", Repository::new));
        var revision = properties.flatMap(inner -> inner.need("revision", "DP-006", Revision::new));
        var waits = properties.flatMap(ApplicationDeployment::waits);
        var timeout = properties.flatMap(inner ->
                inner.value("timeout", "DP-007", text -> Form.checked(Form.TIMEOUT, text, "a timeout such as 8m30s")));
        var extensions = extensions(fields);
        fields.closed("DP-008", Set.of());
        return () -> new Component(
                name.orElseThrow(), repository.orElseThrow(), revision.orElseThrow(), waits, timeout, extensions);
    }

    /// `true` and `false` as text are read too (reading D-04).
    private static Optional<Boolean> waits(Fields fields) {
        if (fields.any("wait").orElse(null) instanceof Tree.Str(var text)
                && Set.of("true", "false").contains(text)) {
            return Optional.of(Boolean.parseBoolean(text));
        }
        return fields.bool("wait", "DP-007");
    }

    private static Supplier<Parameter> parameter(Fields fields) {
        var value = fields.needAny("value", "DP-009");
        if (value.filter(Tree.Null.class::isInstance).isPresent()) {
            fields.wrong("value", "DP-009", "is null");
        }
        List<Supplier<ParameterTarget>> targets = fields.needObjects("targets", "DP-009").stream()
                .<Supplier<ParameterTarget>>map(inner -> {
                    var pointer = inner.needText("pointer", "DP-009");
                    inner.needAny("components", "DP-009");
                    var components = inner.texts("components", "DP-009");
                    return () -> new ParameterTarget(pointer.orElseThrow(), components.orElseThrow());
                })
                .toList();
        return () -> new Parameter(
                value.orElseThrow(), targets.stream().map(Supplier::get).toList());
    }

    /// The document as a WFM writes it; [Yaml#write] makes the bytes that are hashed and served.
    public Tree.Obj tree() {
        var components =
                profile.components().stream().map(ApplicationDeployment::tree).toList();
        var values = new LinkedHashMap<String, Tree>();
        parameters.forEach((parameter, value) -> values.put(parameter, tree(value)));
        return Tree.members()
                .put("id", id.value())
                .put(
                        "metadata",
                        Tree.members()
                                .put("name", metadata.name())
                                .put("namespace", metadata.namespace())
                                .put("deviceId", metadata.target().value())
                                .build())
                .put(
                        "spec",
                        Tree.members()
                                .put("applicationId", application.value())
                                .put(
                                        "deploymentProfile",
                                        Tree.members()
                                                .put("type", profile.type())
                                                .put("components", Tree.of(components))
                                                .put("deviceConstraints", profile.constraints())
                                                .putAll(profile.extensions().members())
                                                .build())
                                .put("parameters", Tree.of(values))
                                .putAll(extensions.members())
                                .build())
                .build();
    }

    private static Tree tree(Component component) {
        return Tree.members()
                .put("name", component.name().value())
                .put(
                        "properties",
                        Tree.members()
                                .put("repository", component.repository().value())
                                .put("revision", component.revision().value())
                                .put("wait", component.waits().map(Tree::of))
                                .putText("timeout", component.timeout())
                                .build())
                .putAll(component.extensions().members())
                .build();
    }

    private static Tree tree(Parameter parameter) {
        return Tree.members()
                .put("value", parameter.value())
                .put(
                        "targets",
                        Tree.of(parameter.targets().stream()
                                .map(target -> Tree.members()
                                        .put("pointer", target.pointer())
                                        .put("components", Tree.ofTexts(target.components()))
                                        .build())
                                .toList()))
                .build();
    }
}
