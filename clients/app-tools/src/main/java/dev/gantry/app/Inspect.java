// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Tree;
import dev.gantry.oci.ApplicationPackage;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.spec.application.Component;
import dev.gantry.spec.application.DeploymentProfile;

/// What a package is, as a document for people and scripts.
public final class Inspect {
    private Inspect() {}

    /// Digest, id, version, profiles with their components, parameters and files.
    public static Tree.Obj document(ApplicationPackage found) {
        ApplicationDescription description = found.description().value();
        var parameters = Tree.members();
        description
                .parameters()
                .forEach((name, parameter) -> parameters.put(
                        name, Tree.members().put("value", parameter.value()).build()));
        return Tree.members()
                .put("digest", found.digest().value())
                .put("id", description.id().value())
                .put("name", description.metadata().name())
                .put("version", description.metadata().version())
                .put(
                        "deploymentProfiles",
                        Tree.of(description.deploymentProfiles().stream()
                                .map(Inspect::profile)
                                .toList()))
                .put("parameters", parameters.build())
                .put(
                        "files",
                        Tree.of(found.files().entrySet().stream()
                                .map(file -> Tree.members()
                                        .put("path", file.getKey())
                                        .put("mediaType", file.getValue().mediaType())
                                        .put("digest", file.getValue().digest().value())
                                        .put("size", file.getValue().size())
                                        .build())
                                .toList()))
                .build();
    }

    private static Tree profile(DeploymentProfile profile) {
        return Tree.members()
                .put("id", profile.id())
                .put("type", profile.type())
                .put(
                        "components",
                        Tree.of(profile.components().stream()
                                .map(Inspect::component)
                                .toList()))
                .build();
    }

    private static Tree component(Component component) {
        return Tree.members()
                .put("name", component.name().value())
                .put("repository", component.repository().value())
                .put("revision", component.revision().value())
                .build();
    }
}
