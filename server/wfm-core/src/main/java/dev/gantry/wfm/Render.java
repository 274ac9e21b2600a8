// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.spec.application.DeploymentProfile;
import dev.gantry.spec.application.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;

/// Makes the exact bytes that a device will fetch.
public final class Render {
    private Render() {}

    /// The document of one deployment (application deployment, section 5). Equal arguments give equal bytes.
    ///
    /// @param values that the operator chose; the author's defaults stand for the others
    /// @param pins the artifact of each component, which the device holds its tag against
    @Requirement({"AD-019", "AD-067", "AD-068", "DP-013", "DP-016", "DP-017", "MI-048", "MI-099", "MI-100", "MI-101"})
    public static Blob deployment(
            DeploymentId id,
            ApplicationDeployment.Metadata metadata,
            ApplicationDescription application,
            DeploymentProfile profile,
            Map<String, Tree> values,
            SortedMap<ComponentName, Digest> pins) {
        var document = new ApplicationDeployment(
                id,
                metadata,
                application.id(),
                new ApplicationDeployment.Profile(
                        profile.type(), profile.components(), profile.constraints(), profile.extensions()),
                parameters(application, profile, values),
                pinned(profile, pins));
        return Yaml.write(document.tree());
    }

    /// Only what has a value and a target in this profile.
    private static SequencedMap<String, Parameter> parameters(
            ApplicationDescription application, DeploymentProfile profile, Map<String, Tree> values) {
        var result = new LinkedHashMap<String, Parameter>();
        application.parameters().forEach((name, parameter) -> {
            Optional<Tree> value = Optional.ofNullable(values.get(name)).or(parameter::value);
            List<Parameter.Target> targets = parameter.targets().stream()
                    .map(target -> new Parameter.Target(
                            target.pointer(),
                            target.components().stream().filter(profile::has).toList()))
                    .filter(target -> !target.components().isEmpty())
                    .toList();
            if (value.isPresent() && !targets.isEmpty()) {
                result.put(name, new Parameter(value, targets));
            }
        });
        return result;
    }

    private static Extensions pinned(DeploymentProfile profile, SortedMap<ComponentName, Digest> pins) {
        var known = new LinkedHashMap<String, Tree>();
        profile.components()
                .forEach(component -> Optional.ofNullable(pins.get(component.name()))
                        .ifPresent(pin -> known.put(component.name().value(), Tree.of(pin.value()))));
        return known.isEmpty()
                ? Extensions.NONE
                : new Extensions(Map.of(
                        Extensions.GANTRY,
                        Tree.members().put("pins", Tree.of(known)).build()));
    }
}
