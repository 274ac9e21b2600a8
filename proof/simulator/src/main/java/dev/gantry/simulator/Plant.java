// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Tree;
import dev.gantry.simulator.SimulatedRuntime.Running;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.State;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.Component;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Deployment;
import dev.gantry.wfm.Fleet;
import dev.gantry.wfm.Head;
import dev.gantry.wfm.StatusReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A plant: one WFM, one registry, one operator and some devices. Here stands what must always hold, and what must come
/// true once faults have healed.
public final class Plant {
    private final World world;
    private final Faults faults;
    private final Registry registry = new Registry();
    private final SimulatedWfm wfm;
    private final List<SimulatedDevice> devices = new ArrayList<>();
    private final Operator operator;
    private final Weather weather;
    private final Map<SimulatedDevice, Head> served = new HashMap<>();
    private final Map<String, Digest> artifacts = new HashMap<>();

    /// @param devices how many
    /// @param changes that the operator makes
    /// @param parts the ports of the cores, sound or broken
    public Plant(World world, Faults faults, int devices, int changes, Parts parts) {
        this.world = world;
        this.faults = faults;
        List<AppPackage> packages = Applications.published(registry, world.now());
        this.wfm = new SimulatedWfm(world, faults, parts);
        for (int number = 1; number <= devices; number++) {
            var device = new SimulatedDevice(world, faults, parts, wfm, registry, number);
            device.boot(world.seconds(0, 30));
            this.devices.add(device);
        }
        this.operator = new Operator(world, wfm, this.devices, packages, changes);
        this.weather = new Weather(world, faults, wfm, registry, operator, this.devices);
    }

    /// Asks the world to check after every event what must always hold.
    public void watch() {
        world.always("aDeviceRunsOnlyWhatWasAskedOfIt", () -> first(this::foreignWorkload));
        world.always("aTagOrADigestMeansTheSameBytesForEver", () -> first(this::otherBytes));
        world.always(
                "acceptedVersionsNeverGoBack",
                () -> first(device ->
                        device.history().regress().map(regress -> device.client() + " went back " + regress)));
        world.always("aDeviceAcceptsOnlyWhatWasPublishedForIt", () -> first(this::foreignManifest));
        world.always("whatIsAcceptedIsOnTheDisk", () -> first(this::missingDocument));
        world.always("manifestVersionsNeverGoBack", () -> first(this::olderManifest));
        world.always("aManifestNamesWhatIsWanted", () -> first(this::unfaithfulManifest));
        world.always("nothingAcknowledgedIsLost", this::lostWish);
    }

    private interface Check {
        Optional<String> broken(SimulatedDevice device);
    }

    private Optional<String> first(Check check) {
        for (SimulatedDevice device : devices) {
            Optional<String> broken = check.broken(device);
            if (broken.isPresent()) {
                return broken;
            }
        }
        return Optional.empty();
    }

    private Optional<ClientView> view(SimulatedDevice device) {
        return wfm.fleet().flatMap((Fleet fleet) -> fleet.client(device.client()));
    }

    private Optional<String> foreignWorkload(SimulatedDevice device) {
        for (Running running : device.runtime().workloads().values()) {
            boolean asked = wfm
                    .published(device.client())
                    .of(running.workload().id().deployment())
                    .stream()
                    .anyMatch(document -> isOf(running, document));
            if (!asked) {
                return Optional.of(
                        device.client() + " runs " + running.workload().id() + " with "
                                + running.workload().parameters() + ", which nobody asked for");
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(Running running, ApplicationDeployment document) {
        return document.application().equals(running.workload().application())
                && document.profile().components().stream()
                        .filter(component ->
                                component.name().equals(running.workload().id().component()))
                        .filter(component -> pin(document, component)
                                .filter(pin -> !pin.equals(running.workload().artifact()))
                                .isEmpty())
                        .anyMatch(component -> document.valuesOf(component.name())
                                .equals(running.workload().parameters()));
    }

    /// The artifact that the WFM made a deployment for.
    private static Optional<Digest> pin(ApplicationDeployment document, Component component) {
        return document.extensions().gantry().get("pins") instanceof Optional<Tree> pins
                        && pins.orElse(Tree.Obj.EMPTY) instanceof Tree.Obj known
                        && known.get(component.name().value()).orElse(null) instanceof Tree.Str(var digest)
                ? Optional.of(new Digest(digest))
                : Optional.empty();
    }

    private Optional<String> otherBytes(SimulatedDevice device) {
        for (Running running : device.runtime().workloads().values()) {
            if (!running.bytes().equals(running.workload().artifact())) {
                return Optional.of(
                        device.client() + " runs " + running.workload().id() + " with the bytes " + running.bytes()
                                + " as " + running.workload().artifact());
            }
        }
        return Optional.empty();
    }

    private Optional<String> foreignManifest(SimulatedDevice device) {
        return device.history()
                .accepted()
                .filter(accepted -> !wfm.published(device.client()).has(accepted.etag(), accepted.version()))
                .map(accepted ->
                        device.client() + " accepted " + accepted.etag() + " as version " + accepted.version());
    }

    private Optional<String> missingDocument(SimulatedDevice device) {
        return device.history()
                .accepted()
                .flatMap(accepted -> accepted.documents().entrySet().stream()
                        .filter(entry -> !device.holds(entry.getValue()))
                        .findFirst())
                .map(entry -> device.client() + " has lost the document of " + entry.getKey());
    }

    private Optional<String> olderManifest(SimulatedDevice device) {
        Optional<Head> head = view(device).flatMap(ClientView::head);
        if (head.isEmpty()) {
            return Optional.ofNullable(served.get(device))
                    .filter(_ -> wfm.fleet().isPresent())
                    .map(before ->
                            "the manifest of " + device.client() + " is gone; it was version " + before.version());
        }
        Head before = served.put(device, head.get());
        if (before == null || head.get().version().isAfter(before.version())) {
            return Optional.empty();
        }
        return head.get().manifest().equals(before.manifest())
                ? Optional.empty()
                : Optional.of("the manifest of " + device.client() + " went from version " + before.version() + " to "
                        + head.get().version());
    }

    private Optional<String> unfaithfulManifest(SimulatedDevice device) {
        return view(device)
                .filter(view -> view.head()
                        .filter(head -> !head.documents().equals(view.wanted()))
                        .isPresent())
                .map(view -> "the manifest of " + device.client() + " names "
                        + view.head().orElseThrow().documents().keySet() + ", wanted is "
                        + view.wanted().keySet());
    }

    private Optional<String> lostWish() {
        if (wfm.fleet().isEmpty()) {
            return Optional.empty();
        }
        Fleet fleet = wfm.fleet().get();
        return operator.asked().entrySet().stream()
                .filter(entry -> !operator.isTrying(entry.getKey()))
                .filter(entry -> !isKept(fleet, entry.getKey(), entry.getValue()))
                .map(entry -> entry.getValue() + " was acknowledged as " + entry.getKey() + " and is lost")
                .findFirst();
    }

    private static boolean isKept(Fleet fleet, DeploymentId id, Operator.Asked asked) {
        Optional<Deployment> kept = fleet.client(asked.client())
                .flatMap(view -> Optional.ofNullable(view.deployments().get(id)));
        return kept.filter(deployment -> deployment.withdrawn() == asked.withdrawn()
                        && deployment.origin().application().equals(asked.application())
                        && deployment.origin().values().equals(asked.values()))
                .isPresent();
    }

    /// What the operator has not asked for yet.
    public Optional<String> unasked() {
        return operator.isDone() ? Optional.empty() : Optional.of("the operator is not done");
    }

    /// Ends all faults; what is broken for good stays broken.
    public void heal() {
        faults.heal();
        weather.clear();
        wfm.stop(Duration.ZERO);
    }

    /// Of the devices that are served.
    private Optional<String> firstOf(Check check) {
        return first(device -> operator.isRetired(device.client()) ? Optional.empty() : check.broken(device));
    }

    /// Where a device does not run what is wanted of it, or runs something else.
    public Optional<String> unlikeWanted() {
        return firstOf(device -> view(device)
                .map(view -> unlike(view.wanted(), device))
                .orElse(Optional.of("the WFM does not know " + device.client())));
    }

    private Optional<String> unlike(SortedMap<DeploymentId, Blob> wanted, SimulatedDevice device) {
        var running = new TreeMap<>(device.runtime().workloads());
        for (Map.Entry<DeploymentId, Blob> entry : wanted.entrySet()) {
            ApplicationDeployment document = wfm.published(device.client()).read(entry.getValue());
            if (isPoison(document)) {
                continue;
            }
            for (Component component : document.profile().components()) {
                var id = new WorkloadId(entry.getKey(), component.name());
                Running found = running.remove(id);
                if (found == null
                        || !isOf(found, document)
                        || !(found.condition(world.now()) instanceof Observed.Condition.Running)) {
                    return Optional.of(device.client() + " does not run " + id + " as wanted");
                }
            }
        }
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(device.client() + " runs " + running.firstKey() + ", which nobody wants");
    }

    private static boolean isPoison(ApplicationDeployment document) {
        return document.application().value().equals(Applications.POISON);
    }

    /// Where the WFM does not know how a deployment is.
    public Optional<String> untruth() {
        return firstOf(device -> view(device)
                .flatMap(view -> view.deployments().keySet().stream()
                        .flatMap(id -> untruth(view, id).stream())
                        .findFirst()));
    }

    /// What a lost WFM has heard is not told again: after a restore a removal may have been reported to nobody who is
    /// left.
    private Optional<String> untruth(ClientView view, DeploymentId id) {
        Deployment deployment = view.deployments().get(id);
        Optional<DeploymentStatus> status =
                Optional.ofNullable(view.statuses().get(id)).map(StatusReport::status);
        Optional<State> state = status.map(DeploymentStatus::state);
        boolean fine;
        if (deployment.withdrawn()) {
            fine = weather.hasRestored() || state.isEmpty() || state.get() == State.REMOVED;
        } else {
            boolean current =
                    view.progress(id).filter(ClientView.Progress::current).isPresent();
            boolean poison = isPoison(wfm.published(view.client().id()).read(deployment.document()));
            fine = current && state.equals(Optional.of(poison ? State.FAILED : State.INSTALLED));
        }
        return fine
                ? Optional.empty()
                : Optional.of("the WFM believes of " + id + " on "
                        + view.client().id() + ", which is "
                        + (deployment.withdrawn() ? "withdrawn" : "wanted") + " since " + deployment.since() + ": "
                        + status.map(told -> told.state() + " as of " + told.adopted())
                                .orElse("nothing"));
    }

    /// The end of a run in one line.
    public String summary() {
        return devices.stream()
                .map(device -> device.client() + (operator.isRetired(device.client()) ? " (retired)" : "") + " runs "
                        + device.runtime().workloads().size())
                .collect(Collectors.joining(", "));
    }
}
