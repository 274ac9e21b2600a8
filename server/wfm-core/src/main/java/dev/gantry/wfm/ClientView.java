// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Everything the WFM knows about one client; never changes, a newer view takes its place.
///
/// @param head absent until the client is accepted for the first time
/// @param before the manifest that `head` has replaced: its content stays for whoever is half-way (reading A-11)
public record ClientView(
        Client client,
        Optional<Head> head,
        Optional<Head> before,
        SortedMap<DeviceId, Device> devices,
        SortedMap<DeploymentId, Deployment> deployments,
        SortedMap<DeploymentId, StatusReport> statuses) {
    public ClientView {
        devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
        deployments = Collections.unmodifiableSortedMap(new TreeMap<>(deployments));
        statuses = Collections.unmodifiableSortedMap(new TreeMap<>(statuses));
    }

    static ClientView of(Client client) {
        return new ClientView(
                client, Optional.empty(), Optional.empty(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /// The document of a deployment with exactly this digest, of the newest manifest or the one before.
    public Optional<Blob> document(DeploymentId id, Digest digest) {
        return inHeads(head -> head.document(id, digest));
    }

    /// The bundle with exactly this digest, of the newest manifest or the one before.
    public Optional<Blob> bundle(Digest digest) {
        return inHeads(head -> head.bundle(digest));
    }

    private Optional<Blob> inHeads(Function<Head, Optional<Blob>> part) {
        return head.flatMap(part).or(() -> before.flatMap(part));
    }

    /// What should run: the documents of all deployments that are not withdrawn.
    public SortedMap<DeploymentId, Blob> wanted() {
        var wanted = new TreeMap<DeploymentId, Blob>();
        deployments.forEach((id, deployment) -> {
            if (!deployment.withdrawn()) {
                wanted.put(id, deployment.document());
            }
        });
        return wanted;
    }

    /// Where a deployment stands, by the device's word alone.
    public Optional<Progress> progress(DeploymentId id) {
        return Optional.ofNullable(deployments.get(id))
                .map(deployment -> Progress.of(
                        deployment, Optional.ofNullable(statuses.get(id)).map(StatusReport::status)));
    }

    /// What a status says of the content that is wanted now (management interface, section 12.4).
    ///
    /// @param current whether the device has begun to apply what is wanted now
    /// @param status the newest report, if there is one
    public record Progress(boolean current, Optional<DeploymentStatus> status) {
        static Progress of(Deployment deployment, Optional<DeploymentStatus> status) {
            boolean current = status.filter(told -> !deployment.since().isAfter(told.adopted()))
                    .isPresent();
            return new Progress(current, status);
        }
    }

    /// This view after one change; changes of other clients leave it as it is.
    ClientView after(Change change) {
        return switch (change) {
            case Change.ClientPut(var put) -> new ClientView(put, head, before, devices, deployments, statuses);
            case Change.HeadAdvanced(var _, var _, var to) ->
                new ClientView(client, Optional.of(to), head, devices, deployments, statuses);
            case Change.DevicePut(var device) -> {
                var more = new TreeMap<>(devices);
                more.put(device.capabilities().value().id(), device);
                yield new ClientView(client, head, before, more, deployments, statuses);
            }
            case Change.DeviceDropped(var _, var device) -> {
                var fewer = new TreeMap<>(devices);
                fewer.remove(device);
                yield new ClientView(client, head, before, fewer, deployments, statuses);
            }
            case Change.DeploymentPut(var deployment) -> {
                var more = new TreeMap<>(deployments);
                more.put(deployment.id(), deployment);
                yield new ClientView(client, head, before, devices, more, statuses);
            }
            case Change.DeploymentDropped(var _, var id) -> {
                var fewer = new TreeMap<>(deployments);
                fewer.remove(id);
                var told = new TreeMap<>(statuses);
                told.remove(id);
                yield new ClientView(client, head, before, devices, fewer, told);
            }
            case Change.StatusPut(var _, var report) -> {
                var more = new TreeMap<>(statuses);
                more.put(report.status().deployment(), report);
                yield new ClientView(client, head, before, devices, deployments, more);
            }
            case Change.PackagePut _ -> this;
        };
    }
}
