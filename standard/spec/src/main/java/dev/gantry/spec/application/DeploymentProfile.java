// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fields;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Requirement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// One way to run an application: its type, its components in the order of their installation, and the devices it is
/// for.
///
/// @param type `helm`, `compose` or `custom`
/// @param id unique in the description; does not travel into deployments
/// @param constraints empty constraints fit every device that supports the type
@Requirement({"AD-009", "AD-010", "AD-011", "AD-055", "AD-069"})
public record DeploymentProfile(
        String type,
        String id,
        Optional<String> description,
        List<Component> components,
        DeviceConstraints constraints,
        Extensions extensions) {
    /// The deployment type whose payload the suppliers agree on.
    public static final String CUSTOM = "custom";

    private static final Set<String> TYPES = Set.of("helm", "compose", CUSTOM);

    public DeploymentProfile {
        components = List.copyOf(components);
    }

    /// Whether a component of this name is in the profile.
    public boolean has(ComponentName name) {
        return components.stream().anyMatch(component -> component.name().equals(name));
    }

    static Supplier<DeploymentProfile> read(Fields fields) {
        Optional<String> type = fields.needText("type", "AD-009");
        type.filter(text -> !TYPES.contains(text))
                .ifPresent(text -> fields.wrong("type", "AD-010", "is none of helm, compose, custom"));
        Optional<String> id = fields.needText("id", "AD-009");
        Optional<String> description = fields.text("description", "AD-009");
        List<Fields> entries = fields.needObjects("components", "AD-009");
        if (entries.isEmpty() && fields.tree().get("components").isPresent()) {
            fields.wrong("components", "AD-009", "holds no component");
        }
        uniqueNames(entries);
        List<Supplier<Component>> components =
                entries.stream().map(Component::read).toList();
        Optional<Fields> constrained = fields.object("deviceConstraints", "AD-027");
        Supplier<DeviceConstraints> constraints =
                constrained.map(DeviceConstraints::read).orElse(() -> DeviceConstraints.NONE);
        if (constrained.map(DeviceConstraints::namesOtherArchitecture).orElse(false)
                && description.map(String::isBlank).orElse(true)) {
            fields.wrong("description", "AD-055", "must explain the architecture that deviceConstraints calls other");
        }
        if (type.filter(CUSTOM::equals).isPresent()
                && !constrained.map(DeviceConstraints::selectsLabels).orElse(false)) {
            fields.wrong(
                    "deviceConstraints",
                    "AD-069",
                    "must hold an eligibility rule with a labelSelector, because the type is custom");
        }
        var extensions = new Extensions(fields.matching(Extensions::isName, "AD-064"));
        fields.closed("AD-064", List.of());
        return () -> new DeploymentProfile(
                type.orElseThrow(),
                id.orElseThrow(),
                description,
                components.stream().map(Supplier::get).toList(),
                constraints.get(),
                extensions);
    }

    private static void uniqueNames(List<Fields> components) {
        var seen = new HashSet<String>();
        for (Fields component : components) {
            // Read without reporting: the component itself says when its name is missing or no text.
            component
                    .tree()
                    .get("name")
                    .filter(name -> !seen.add(name.toString()))
                    .ifPresent(name ->
                            component.wrong("name", "AD-011", "is the name of another component of this profile"));
        }
    }
}
