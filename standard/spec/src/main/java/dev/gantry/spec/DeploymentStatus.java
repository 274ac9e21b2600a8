// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What a client says about one deployment: `DeploymentStatusManifest` (management interface, section 12).
///
/// @param device only when reporting for a child of a gateway (MI-110)
/// @param adopted version of the newest manifest whose revision of this deployment the client holds and has begun
///     to
///     apply, whatever the outcome (MI-111 to MI-114)
/// @param components one for every component of the deployment (MI-109)
@Requirement({"MI-105", "MI-109", "MI-110", "MI-114", "DV-038", "DV-042"})
public record DeploymentStatus(
        DeploymentId deployment,
        Optional<DeviceId> device,
        ManifestVersion adopted,
        State state,
        Optional<ErrorDetail> error,
        List<Component> components) {
    /// The state of one component.
    public record Component(ComponentName name, State state, Optional<ErrorDetail> error) {}

    public DeploymentStatus {
        components = List.copyOf(components);
    }

    /// Reads a report; the version may not be written as text (no relaxation for older kits here).
    public static Read<DeploymentStatus> read(Blob source) {
        return new Read<>(source, Fields.read("deployment status", Json.read(source), DeploymentStatus::fields));
    }

    private static Supplier<DeploymentStatus> fields(Fields root) {
        var id = root.need("deploymentId", "MI-105", DeploymentId::new);
        var device = root.value("deviceId", "MI-080", DeviceId::new);
        var adopted = root.needNumber("adoptedManifestVersion", "MI-105").flatMap(number -> {
            try {
                return Optional.of(ManifestVersion.of(number));
            } catch (Fault fault) {
                root.wrong("adoptedManifestVersion", "MI-105", fault.getMessage());
                return Optional.empty();
            }
        });
        var status = root.needObject("status", "MI-105");
        var state = status.flatMap(fields -> fields.need("state", "MI-107", State::of));
        var error = status.flatMap(fields -> ErrorDetail.read(fields, "error"));
        var names = new HashSet<ComponentName>();
        List<Supplier<Component>> components = root.needObjects("components", "MI-109").stream()
                .map(fields -> component(fields, names))
                .toList();
        return () -> new DeploymentStatus(
                id.orElseThrow(),
                device,
                adopted.orElseThrow(),
                state.orElseThrow(),
                error,
                components.stream().map(Supplier::get).toList());
    }

    private static Supplier<Component> component(Fields fields, HashSet<ComponentName> names) {
        var name = fields.need("name", "MI-109", ComponentName::new);
        name.filter(known -> !names.add(known))
                .ifPresent(_ -> fields.wrong("name", "DV-042", "stands twice in the report"));
        var state = fields.need("state", "MI-107", State::of);
        var error = ErrorDetail.read(fields, "error");
        return () -> new Component(name.orElseThrow(), state.orElseThrow(), error);
    }

    /// The report as it is sent.
    public Tree.Obj tree() {
        return Tree.members()
                .put("deploymentId", deployment.value())
                .putText("deviceId", device.map(DeviceId::value))
                .put("adoptedManifestVersion", adopted.tree())
                .put("status", state(state, error))
                .put(
                        "components",
                        Tree.of(components.stream()
                                .map(component -> Tree.members()
                                        .put("name", component.name().value())
                                        .putAll(state(component.state(), component.error())
                                                .members())
                                        .build())
                                .toList()))
                .build();
    }

    private static Tree.Obj state(State state, Optional<ErrorDetail> error) {
        return Tree.members()
                .put("state", state.word())
                .put("error", error.map(ErrorDetail::tree))
                .build();
    }
}
