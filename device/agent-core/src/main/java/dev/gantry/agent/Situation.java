// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Digest;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.Component;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Everything that a decision of the agent depends on.
///
/// @param running by id: an order that is the same in every process
/// @param fetching a manifest whose documents are being fetched
public record Situation(
        Memory memory,
        Optional<Wanted> fetching,
        Map<WorkloadId, Observed> running,
        Shelf shelf,
        Device device,
        Pace pace,
        Instant time) {
    /// What is stored on this device.
    ///
    /// @param documents reads a document that is here; empty when it is missing or cannot be read
    /// @param documentHere whether the bytes of a document are here
    /// @param artifactHere whether an artifact is here, whole
    public record Shelf(
            Function<Digest, Optional<ApplicationDeployment>> documents,
            Predicate<Digest> documentHere,
            Predicate<Digest> artifactHere) {}

    /// What this device is.
    ///
    /// @param capabilities digest of what it would report now
    /// @param obstacles what stands against a deployment here, whatever is tried
    public record Device(Digest capabilities, Obstacles obstacles) {}

    /// What stands against a deployment on this device, whatever is tried.
    @FunctionalInterface
    public interface Obstacles {
        Optional<Obstacle> against(ApplicationDeployment deployment);
    }

    /// Why a deployment cannot run here, as its status says it.
    public record Obstacle(String code, String message) {}

    public Situation {
        running = Collections.unmodifiableMap(new TreeMap<>(running));
    }

    Digest capabilities() {
        return device.capabilities();
    }

    Predicate<Digest> artifactHere() {
        return shelf.artifactHere();
    }

    /// The documents of a manifest that are not here.
    List<DeploymentId> missing(Wanted manifest) {
        return manifest.documents().entrySet().stream()
                .filter(entry -> !shelf.documentHere().test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<ApplicationDeployment> document(Held held) {
        return shelf.documents().apply(held.document());
    }

    /// The components of a held deployment; none when its document cannot be read.
    List<Component> components(Held held) {
        return document(held).map(found -> found.profile().components()).orElse(List.of());
    }

    Optional<Obstacle> obstacle(Held held) {
        return document(held).flatMap(device.obstacles()::against);
    }

    /// The artifact that a component's tag was resolved to.
    Optional<Digest> pin(Held held, Component component) {
        return Optional.ofNullable(held.pins().get(component.name()))
                .filter(pin -> pin.reference().equals(Workloads.reference(component)))
                .map(Memory.Pin::artifact);
    }

    /// A component as it runs at exactly the revision that is wanted.
    Optional<Observed> observed(DeploymentId id, Held held, Component component) {
        Optional<Digest> revision = pin(held, component)
                .flatMap(artifact -> document(held).map(found -> Workloads.revision(found, component, artifact)));
        return Optional.ofNullable(running.get(new WorkloadId(id, component.name())))
                .filter(found -> revision.equals(Optional.of(found.revision())));
    }

    /// Whether a component runs at exactly the revision that is wanted.
    boolean runs(DeploymentId id, Held held, Component component) {
        return observed(id, held, component)
                .filter(found -> found.condition() instanceof Observed.Condition.Running)
                .isPresent();
    }

    /// Whether nothing of a deployment is left.
    boolean isGone(DeploymentId id) {
        return running.keySet().stream()
                .noneMatch(workload -> workload.deployment().equals(id));
    }

    static Map<WorkloadId, Observed> byId(List<Observed> observed) {
        return observed.stream().collect(Collectors.toMap(Observed::id, Function.identity(), (first, _) -> first));
    }
}
