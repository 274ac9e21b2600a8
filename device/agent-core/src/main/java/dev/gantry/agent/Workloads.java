// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.Component;
import java.util.LinkedHashMap;

/// What a runtime is asked to run, made from a deployment.
final class Workloads {
    private Workloads() {}

    static String reference(Component component) {
        return component.repository() + ":" + component.revision();
    }

    /// Names everything that matters for how a component runs, and nothing else: two deployments documents that
    /// differ
    /// elsewhere leave it running.
    static Digest revision(ApplicationDeployment deployment, Component component, Digest artifact) {
        return Json.canonical(Tree.members()
                        .put("artifact", artifact.value())
                        .put("type", deployment.profile().type())
                        .put("parameters", Tree.of(deployment.valuesOf(component.name())))
                        .put(
                                "extensions",
                                Tree.of(extensions(deployment, component).members()))
                        .build())
                .digest();
    }

    static Workload of(ApplicationDeployment deployment, Component component, Digest artifact, Blobs blobs) {
        return new Workload(
                new WorkloadId(deployment.id(), component.name()),
                revision(deployment, component, artifact),
                deployment.application(),
                artifact,
                blobs,
                deployment.valuesOf(component.name()),
                extensions(deployment, component));
    }

    /// The component's extensions; those of the profile where the component has none of that name.
    private static Extensions extensions(ApplicationDeployment deployment, Component component) {
        var members = new LinkedHashMap<>(deployment.profile().extensions().members());
        members.putAll(component.extensions().members());
        return new Extensions(members);
    }
}
