// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Requirement;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What runs where, with which values: the YAML document that a WFM serves for each deployment.
///
/// @param metadata its name is the source of errors that concern the deployment as a whole (MI-116)
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
        private static final String CHOSEN_BY_GATEWAY = "/*";

        public Target {
            new DeviceId(value.endsWith(CHOSEN_BY_GATEWAY) ? value.substring(0, value.length() - 2) : value);
        }

        /// The device, unless a gateway chooses it.
        public Optional<DeviceId> device() {
            return value.endsWith(CHOSEN_BY_GATEWAY) ? Optional.empty() : Optional.of(new DeviceId(value));
        }
    }

    /// `spec.deploymentProfile`.
    ///
    /// @param type `helm`, `compose`, `custom`: an open set (reading A-21)
    /// @param components in the order of installation (DP-030)
    /// @param constraints `deviceConstraints`, word for word as the description has them (DP-013)
    public record Profile(
            String type, List<Component> components, DeviceConstraints constraints, Extensions extensions) {
        public Profile {
            components = List.copyOf(components);
        }
    }

    public ApplicationDeployment {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /// The values that go to one component, by pointer; where two go to one place the later wins (reading D-09).
    public Map<String, Tree> valuesOf(ComponentName component) {
        var values = new LinkedHashMap<String, Tree>();
        parameters
                .values()
                .forEach(parameter -> parameter.targets().stream()
                        .filter(target -> target.components().contains(component))
                        .forEach(target -> parameter.value().ifPresent(value -> values.put(target.pointer(), value))));
        return values;
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
        var names = new HashSet<Tree>();
        List<Fields> entries = fields.needObjects("components", "DP-005");
        entries.forEach(entry -> entry.tree()
                .get("name")
                .filter(name -> !names.add(name))
                .ifPresent(_ -> entry.wrong("name", "AD-011", "stands twice")));
        List<Supplier<Component>> components =
                entries.stream().map(Component::read).toList();
        if (entries.isEmpty() && fields.any("components").isPresent()) {
            fields.wrong("components", "DP-005", "has no component");
        }
        Supplier<DeviceConstraints> constraints = fields.object("deviceConstraints", "DP-013")
                .map(DeviceConstraints::read)
                .orElse(() -> DeviceConstraints.NONE);
        var extensions = extensions(fields);
        fields.closed("DP-008", Set.of());
        return () -> new Profile(
                type.orElseThrow(), components.stream().map(Supplier::get).toList(), constraints.get(), extensions);
    }

    private static Supplier<Parameter> parameter(Fields fields) {
        if (fields.needAny("value", "DP-009")
                .filter(Tree.Null.class::isInstance)
                .isPresent()) {
            fields.wrong("value", "DP-009", "is null");
        }
        return Parameter.read(fields);
    }

    /// The document as a WFM writes it; [Yaml#write] makes the bytes that are hashed and served.
    public Tree.Obj tree() {
        var components = profile.components().stream().map(Component::source).toList();
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
                                                .put(
                                                        "deviceConstraints",
                                                        Optional.of(profile.constraints()
                                                                        .source())
                                                                .filter(source -> !source.members()
                                                                        .isEmpty()))
                                                .putAll(profile.extensions().members())
                                                .build())
                                .put("parameters", Tree.of(values))
                                .putAll(extensions.members())
                                .build())
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
                                        .put(
                                                "components",
                                                Tree.ofTexts(target.components().stream()
                                                        .map(ComponentName::value)
                                                        .toList()))
                                        .build())
                                .toList()))
                .build();
    }
}
