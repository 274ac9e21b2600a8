// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Read;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.wfm.Fleet.Decision;
import dev.gantry.wire.rc3.Paths;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What clients tell: capabilities and statuses. Everything is durable before it is acknowledged.
public final class Reports {
    /// How many clients that knock without being accepted are remembered; one more is not.
    public static final int KNOCKS = 1_000;

    private final Fleet fleet;
    private final Paths paths;
    private final Limits limits;
    private final InstantSource clock;
    private final Map<ClientId, Instant> knocks = new ConcurrentHashMap<>();

    public Reports(Fleet fleet, Paths paths, Limits limits, InstantSource clock) {
        this.fleet = fleet;
        this.paths = paths;
        this.limits = limits;
        this.clock = clock;
    }

    /// What became of a report of capabilities.
    public enum Outcome {
        CREATED,
        UPDATED,
        NO_GATEWAY,
        TOO_MANY
    }

    /// Remembers that a client with a valid credential was turned away, so that an operator can find and approve
    /// it.
    public void knocked(ClientId client) {
        if (knocks.size() < KNOCKS || knocks.containsKey(client)) {
            knocks.put(client, clock.instant());
        }
    }

    /// Clients that were turned away, with the last time.
    public SortedMap<ClientId, Instant> knocks() {
        return new TreeMap<>(knocks);
    }

    void forgetKnock(ClientId client) {
        knocks.remove(client);
    }

    /// Keeps what a device says of itself.
    @Requirement({"MI-009", "MI-078", "MI-081", "DV-015", "DV-031"})
    public Outcome capabilities(ClientId client, Read<Capabilities> read) {
        DeviceId id = read.value().id();
        return fleet.decide(client, view -> {
            if (id.isChild() && !view.devices().containsKey(id.gateway())) {
                return Decision.nothing(Outcome.NO_GATEWAY);
            }
            boolean known = view.devices().containsKey(id);
            if (!known && view.devices().size() >= limits.devices()) {
                return Decision.nothing(Outcome.TOO_MANY);
            }
            return new Decision<>(
                    List.of(new Change.DevicePut(new Device(client, read, clock.instant()))),
                    known ? Outcome.UPDATED : Outcome.CREATED);
        });
    }

    /// Forgets a device, and with a gateway its children (reading A-27); false when there is none.
    @Requirement({"MI-079", "MI-082"})
    public boolean removed(ClientId client, String device) {
        return fleet.decide(client, view -> {
            List<Change> changes = view.devices().keySet().stream()
                    .filter(id -> id.value().equals(device) || id.value().startsWith(device + "/"))
                    .<Change>map(id -> new Change.DeviceDropped(client, id))
                    .toList();
            boolean known =
                    view.devices().keySet().stream().anyMatch(id -> id.value().equals(device));
            return known ? new Decision<>(changes, true) : Decision.nothing(false);
        });
    }

    /// Keeps a status; true when it is the first of its deployment.
    @Requirement({"MI-106", "MI-111", "DP-029"})
    public boolean status(ClientId client, Read<DeploymentStatus> read) {
        DeploymentStatus status = read.value();
        return fleet.decide(client, view -> {
            check(view, status);
            List<Change> changes = new ArrayList<>();
            changes.add(new Change.StatusPut(client, new StatusReport(read, clock.instant())));
            changes.addAll(raised(view, status.adopted()));
            changes.addAll(outdated(view, status));
            return new Decision<>(changes, !view.statuses().containsKey(status.deployment()));
        });
    }

    private void check(ClientView view, DeploymentStatus status) {
        var findings = new ArrayList<Finding>();
        if (!view.deployments().containsKey(status.deployment())) {
            findings.add(new Finding("deploymentId", "MI-105", "is not a deployment of this client"));
        }
        status.device()
                .filter(device -> !view.devices().containsKey(device))
                .ifPresent(_ -> findings.add(new Finding("deviceId", "MI-110", "is not a device of this client")));
        view.head()
                .map(head -> head.version().plus(limits.versionJump()))
                .filter(status.adopted()::isAfter)
                .ifPresent(_ -> findings.add(new Finding(
                        "adoptedManifestVersion", "MI-111", "is far beyond every manifest of this client")));
        if (!findings.isEmpty()) {
            throw Fault.invalid("deployment status", findings);
        }
    }

    /// A client that has adopted a manifest newer than ours proves that this WFM has lost some: go on above it.
    @Requirement("MI-042")
    private List<Change> raised(ClientView view, ManifestVersion adopted) {
        return view.head()
                .filter(head -> adopted.isAfter(head.version()))
                .map(head -> Fleet.raised(view, paths, head, adopted.next()))
                .orElse(List.of());
    }

    /// Tombstones beyond the limit whose removal was reported, the one being reported included, oldest first.
    private List<Change> outdated(ClientView view, DeploymentStatus status) {
        List<Deployment> removed = view.deployments().values().stream()
                .filter(Deployment::withdrawn)
                .filter(deployment -> !deployment.id().equals(status.deployment()))
                .filter(deployment -> isRemoved(view, deployment.id()))
                .sorted(Comparator.comparing(deployment -> deployment.origin().asked()))
                .toList();
        return removed.stream()
                .limit(Math.max(0, removed.size() - limits.tombstones()))
                .<Change>map(
                        deployment -> new Change.DeploymentDropped(view.client().id(), deployment.id()))
                .toList();
    }

    private static boolean isRemoved(ClientView view, DeploymentId id) {
        return Optional.ofNullable(view.statuses().get(id))
                .filter(report -> report.status().state() == State.REMOVED)
                .isPresent();
    }
}
