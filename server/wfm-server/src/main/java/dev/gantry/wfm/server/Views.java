// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Tree;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.ErrorDetail;
import dev.gantry.spec.application.Component;
import dev.gantry.spec.application.DeploymentProfile;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.Client;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Deployment;
import dev.gantry.wfm.Device;
import dev.gantry.wfm.Fleet;
import dev.gantry.wfm.StatusReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/// What the operator API shows. Members are only added, never renamed; the OpenAPI document describes each.
record Views(Fleet fleet) {
    private static final String UNREPORTED = "unreported";

    Tree.Obj application(AppPackage application) {
        var description = application.description().value();
        return Tree.members()
                .put("application", description.id().value())
                .put("version", application.id().version())
                .put("name", description.metadata().name())
                .put("reference", application.reference())
                .put("digest", application.manifest().value())
                .put("imported", application.imported().toString())
                .put(
                        "profiles",
                        Tree.of(description.deploymentProfiles().stream()
                                .map(Views::profile)
                                .toList()))
                .put("parameters", Tree.ofTexts(description.parameters().keySet()))
                .build();
    }

    private static Tree profile(DeploymentProfile profile) {
        return Tree.members()
                .put("id", profile.id())
                .put("type", profile.type())
                .put(
                        "components",
                        Tree.ofTexts(profile.components().stream()
                                .map(Component::name)
                                .map(name -> name.value())
                                .toList()))
                .build();
    }

    static Tree.Obj client(Client client) {
        return Tree.members()
                .put("client", client.id().value())
                .put("standing", client.standing().name().toLowerCase(Locale.ROOT))
                .put("since", client.since().toString())
                .build();
    }

    /// A row for every device, and one for every client that has not reported any.
    List<Tree.Obj> devices(SortedMap<ClientId, Instant> knocks) {
        var rows = new ArrayList<Tree.Obj>();
        for (ClientView view : fleet.clients()) {
            if (view.devices().isEmpty()) {
                rows.add(client(view.client()));
            }
            view.devices().values().forEach(device -> rows.add(device(view.client(), device)));
        }
        knocks.forEach((id, last) -> {
            if (fleet.client(id).isEmpty()) {
                rows.add(client(new Client(id, Client.Standing.PENDING, last)));
            }
        });
        return rows;
    }

    private static Tree.Obj device(Client client, Device device) {
        Capabilities capabilities = device.capabilities().value();
        return Tree.members()
                .putAll(client(client).members())
                .put("device", capabilities.id().value())
                .put("vendor", capabilities.vendor())
                .put("model", capabilities.model())
                .put("serial", capabilities.serial())
                .put("deploymentTypes", Tree.ofTexts(capabilities.deploymentTypes()))
                .put("labels", capabilities.labels())
                .put("reported", device.reported().toString())
                .build();
    }

    List<Tree.Obj> deployments() {
        return fleet.clients().stream()
                .flatMap(view -> view.deployments().values().stream())
                .map(this::deployment)
                .toList();
    }

    /// A deployment and the device's word on it.
    Tree.Obj deployment(Deployment deployment) {
        Optional<ClientView> view = fleet.client(deployment.client());
        Optional<ClientView.Progress> progress = view.flatMap(known -> known.progress(deployment.id()));
        Optional<DeploymentStatus> status = progress.flatMap(ClientView.Progress::status);
        Optional<StatusReport> report =
                view.flatMap(known -> Optional.ofNullable(known.statuses().get(deployment.id())));
        return Tree.members()
                .put("id", deployment.id().value())
                .put("name", deployment.origin().name())
                .put(
                        "application",
                        deployment.origin().application().application().value())
                .put("version", deployment.origin().application().version())
                .put("profile", deployment.origin().profile())
                .put("device", deployment.target().value())
                .put("client", deployment.client().value())
                .put("values", Tree.of(deployment.origin().values()))
                .put("wanted", deployment.withdrawn() ? "removed" : "installed")
                .put("state", status.map(told -> told.state().word()).orElse(UNREPORTED))
                .put("current", progress.map(ClientView.Progress::current).orElse(false))
                .put("digest", deployment.document().digest().value())
                .put("sinceVersion", deployment.since().tree())
                .put("adoptedVersion", status.map(told -> told.adopted().tree()))
                .put("error", status.flatMap(DeploymentStatus::error).map(ErrorDetail::tree))
                .put(
                        "components",
                        Tree.of(status.map(DeploymentStatus::components).orElse(List.of()).stream()
                                .map(component -> Tree.members()
                                        .put("name", component.name().value())
                                        .put("state", component.state().word())
                                        .put("error", component.error().map(ErrorDetail::tree))
                                        .build())
                                .toList()))
                .put("asked", deployment.origin().asked().toString())
                .putText("reported", report.map(told -> told.received().toString()))
                .build();
    }
}
