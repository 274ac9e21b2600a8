// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.Memory.Failure;
import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.ErrorDetail;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.spec.application.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a deployment is, worked out afresh from what is held and what runs; never stored.
final class Truth {
    private Truth() {}

    @Requirement({"MI-105", "MI-107", "MI-108", "MI-109", "MI-111", "MI-112", "MI-113", "MI-114", "DV-048"})
    static DeploymentStatus status(Situation now, DeploymentId id, Held held) {
        boolean wanted = now.memory().wants(id);
        List<DeploymentStatus.Component> components = wanted ? installing(now, id, held) : removing(now, id, held);
        State overall = components.isEmpty()
                ? (wanted ? State.FAILED : now.isGone(id) ? State.REMOVED : State.REMOVING)
                : State.overall(components.stream()
                        .map(DeploymentStatus.Component::state)
                        .toList());
        Optional<ErrorDetail> error =
                overall == State.FAILED ? Optional.of(error(now, id, held, components)) : Optional.empty();
        return new DeploymentStatus(id, Optional.empty(), adopted(now, held, wanted), overall, error, components);
    }

    /// A removal is adopted with the manifest that no longer lists the deployment.
    private static ManifestVersion adopted(Situation now, Held held, boolean wanted) {
        return wanted
                ? held.adopted()
                : now.memory().accepted().map(Memory.Accepted::version).orElse(held.adopted());
    }

    @Requirement({"MI-116", "MI-119"})
    private static ErrorDetail error(
            Situation now, DeploymentId id, Held held, List<DeploymentStatus.Component> components) {
        String source = now.document(held).map(found -> found.metadata().name()).orElse(id.value());
        return components.stream()
                .flatMap(component -> component.error().stream())
                .findFirst()
                .map(first -> new ErrorDetail(first.code(), source, first.source() + ": " + first.message()))
                .orElse(new ErrorDetail("INVALID_DEPLOYMENT", source, "the deployment document cannot be read"));
    }

    private static List<DeploymentStatus.Component> removing(Situation now, DeploymentId id, Held held) {
        List<ComponentName> names = now.document(held)
                .map(found -> found.profile().components().stream()
                        .map(Component::name)
                        .toList())
                .orElseGet(() -> List.copyOf(held.pins().keySet()));
        return names.stream()
                .map(name -> new DeploymentStatus.Component(
                        name,
                        now.running().containsKey(new WorkloadId(id, name)) ? State.REMOVING : State.REMOVED,
                        Optional.empty()))
                .toList();
    }

    /// In the order of installation: what waits behind a component that does not run yet is pending.
    private static List<DeploymentStatus.Component> installing(Situation now, DeploymentId id, Held held) {
        var result = new ArrayList<DeploymentStatus.Component>();
        boolean behind = false;
        for (Component component : now.components(held)) {
            DeploymentStatus.Component status = status(now, id, held, component, behind);
            result.add(status);
            behind |= status.state() != State.INSTALLED && component.waits();
        }
        return result;
    }

    @Requirement("MI-117")
    private static DeploymentStatus.Component status(
            Situation now, DeploymentId id, Held held, Component component, boolean behind) {
        ComponentName name = component.name();
        Failure failure = held.failures().get(name);
        Optional<Observed> observed = now.observed(id, held, component);
        if (failure != null) {
            return failed(name, failure.code(), failure.message());
        }
        if (observed.isEmpty()) {
            return new DeploymentStatus.Component(name, behind ? State.PENDING : State.INSTALLING, Optional.empty());
        }
        return switch (observed.get().condition()) {
            case Condition.Running _ -> new DeploymentStatus.Component(name, State.INSTALLED, Optional.empty());
            case Condition.Starting _, Condition.Stopping _ ->
                new DeploymentStatus.Component(name, State.INSTALLING, Optional.empty());
            case Condition.Failed(var code, var message) -> failed(name, code, message);
        };
    }

    private static DeploymentStatus.Component failed(ComponentName name, String code, String message) {
        return new DeploymentStatus.Component(
                name, State.FAILED, Optional.of(new ErrorDetail(code, name.value(), message)));
    }
}
