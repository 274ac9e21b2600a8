// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.spec.application.DeploymentProfile;
import dev.gantry.spec.application.ParameterCheck;
import dev.gantry.wfm.Fleet.Decision;
import dev.gantry.wire.rc3.Paths;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// What operators do: approve clients, import packages, deploy, change, withdraw. Every answer is given after it is
/// durable, so an operator who has read it can rely on it.
public final class Operations {
    /// How far a restored WFM raises every manifest version: more than it can have published since the backup, and less
    /// than [Limits#versionJump].
    public static final long RESTORED = 1L << 32;

    private final Fleet fleet;
    private final Reports reports;
    private final Paths paths;
    private final Limits limits;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    public Operations(
            Fleet fleet, Reports reports, Paths paths, Limits limits, InstantSource clock, Supplier<UUID> ids) {
        this.fleet = fleet;
        this.reports = reports;
        this.paths = paths;
        this.limits = limits;
        this.clock = clock;
        this.ids = ids;
    }

    /// An application for a device.
    ///
    /// @param id chosen by the caller, so that a repeat of the same request is harmless; else a fresh one
    /// @param name by which people find it again; unique on a device; else the application's id
    /// @param client whose device it is, needed only when two clients report one device id
    /// @param profile else the first that fits
    /// @param values of parameters; the author's defaults stand for the others
    public record Deploy(
            Optional<DeploymentId> id,
            Optional<String> name,
            PackageId application,
            DeviceId device,
            Optional<ClientId> client,
            Optional<String> profile,
            Map<String, Tree> values) {
        public Deploy {
            values = Map.copyOf(values);
        }
    }

    /// What became of a wish to deploy or to change.
    public sealed interface Answer {
        /// It is in the client's manifest.
        record Done(Deployment deployment) implements Answer {}

        /// The device cannot run it.
        record Unplaceable(List<String> reasons) implements Answer {}

        /// Values are not what the author allows.
        record InvalidValues(List<Finding> findings) implements Answer {}
    }

    /// Takes note of a client before it may do anything: it was enrolled.
    public Client expect(ClientId id) {
        var pending = new Client(id, Client.Standing.PENDING, clock.instant());
        return fleet.admit(
                pending,
                view -> view.head().isPresent() || isStored(id)
                        ? Decision.nothing(view.client())
                        : new Decision<>(List.of(new Change.ClientPut(pending)), pending));
    }

    private boolean isStored(ClientId id) {
        return fleet.client(id)
                .filter(view -> view.client().standing() != Client.Standing.PENDING)
                .isPresent();
    }

    /// Accepts a client: from now on it is served. Its first manifest is version 1, without deployments (reading
    ///
    @Requirement({"ID-089", "ID-090", "MI-041", "MI-043"})
    public Client approve(ClientId id) {
        var accepted = new Client(id, Client.Standing.ACCEPTED, clock.instant());
        Client result = fleet.admit(accepted, view -> {
            if (view.head().isPresent() && view.client().isAccepted()) {
                return Decision.nothing(view.client());
            }
            List<Change> changes = List.of(new Change.ClientPut(accepted));
            return new Decision<>(view.head().isPresent() ? changes : Fleet.publishing(view, paths, changes), accepted);
        });
        reports.forgetKnock(id);
        return result;
    }

    /// Serves a client no more; what it has reported is kept for the record.
    @Requirement({"ID-091", "ID-097", "MI-011"})
    public Client retire(ClientId id) {
        var retired = new Client(id, Client.Standing.RETIRED, clock.instant());
        return fleet.decide(id, _ -> new Decision<>(List.of(new Change.ClientPut(retired)), retired));
    }

    /// Raises the manifest version of every client far above what this WFM may have published after the backup that it
    /// was restored from. Called once, after the restore and before anything is served.
    @Requirement({"MI-041", "MI-042"})
    public void restored() {
        fleet.clients()
                .forEach(known -> fleet.decide(
                        known.client().id(),
                        view -> view.head()
                                .map(head -> new Decision<>(
                                        Fleet.raised(
                                                view,
                                                paths,
                                                head,
                                                head.version().plus(RESTORED)),
                                        true))
                                .orElseGet(() -> Decision.nothing(false))));
    }

    /// Adds a package to the catalogue; the same version again must be the same content.
    @Requirement({"AD-071", "AD-073", "AD-081"})
    public AppPackage add(AppPackage application) {
        Optional<AppPackage> known = fleet.application(application.id());
        if (known.isPresent()) {
            if (known.get().manifest().equals(application.manifest())) {
                return known.get();
            }
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    application.id() + " is in the catalogue with the digest "
                            + known.get().manifest()
                            + ", but " + application.reference() + " is now " + application.manifest()
                            + "; publish changed content under a new version");
        }
        fleet.add(application);
        return application;
    }

    /// Puts an application on a device.
    @Requirement({"AD-026", "AD-030", "AD-058", "AD-060", "DP-001", "MI-052"})
    public Answer deploy(Deploy wish) {
        AppPackage application = known(wish.application());
        ClientId client = owner(wish.device(), wish.client());
        DeploymentId id = wish.id().orElseGet(() -> new DeploymentId(ids.get().toString()));
        return fleet.decide(client, view -> {
            Optional<Deployment> repeated =
                    Optional.ofNullable(view.deployments().get(id));
            if (repeated.isPresent()) {
                return Decision.nothing(new Answer.Done(repeated.get()));
            }
            String name = wish.name().orElse(wish.application().application().value());
            unused(view, wish.device(), name);
            Content content = new Content(application, name, wish.values(), wish.profile());
            return placed(
                    view, id, new ApplicationDeployment.Target(wish.device().value()), content, Optional.empty());
        });
    }

    /// Changes the version, the values, or both, of what is deployed; its id stays (DP-037).
    ///
    /// @param application empty keeps the version
    /// @param values set over the values that the operator chose before
    @Requirement({"DP-037", "MI-052", "AD-059", "AD-060"})
    public Answer change(DeploymentId id, Optional<PackageId> application, Map<String, Tree> values) {
        Deployment before = deployment(id);
        AppPackage fresh = known(application.orElse(before.origin().application()));
        if (!fresh.id().application().equals(before.origin().application().application())) {
            throw Fault.invalid("deployment " + id + " is of "
                    + before.origin().application().application() + " and cannot become "
                    + fresh.id().application() + "; deploy that application instead");
        }
        return fleet.decide(before.client(), view -> {
            Deployment present = Optional.ofNullable(view.deployments().get(id))
                    .filter(found -> !found.withdrawn())
                    .orElseThrow(() -> new Fault(Fault.Kind.CONFLICT, "deployment " + id + " is being removed"));
            var merged = new LinkedHashMap<>(present.origin().values());
            merged.putAll(values);
            Content content = new Content(fresh, present.origin().name(), merged, Optional.empty());
            return placed(view, id, present.target(), content, Optional.of(present));
        });
    }

    /// Takes an application off its device.
    @Requirement({"MI-073", "DP-024"})
    public Deployment withdraw(DeploymentId id) {
        ClientId client = deployment(id).client();
        return fleet.decide(client, view -> {
            Deployment present = view.deployments().get(id);
            if (present == null || present.withdrawn()) {
                return Decision.nothing(Optional.ofNullable(present).orElseGet(() -> deployment(id)));
            }
            Deployment withdrawn = present.withdrawnAt(Fleet.next(view));
            return new Decision<>(
                    Fleet.publishing(view, paths, List.of(new Change.DeploymentPut(withdrawn))), withdrawn);
        });
    }

    /// A deployment, whosever it is; `MISSING` when there is none.
    public Deployment deployment(DeploymentId id) {
        return fleet.clients().stream()
                .flatMap(view -> Optional.ofNullable(view.deployments().get(id)).stream())
                .findFirst()
                .orElseThrow(() -> new Fault(
                        Fault.Kind.MISSING, "there is no deployment " + id + "; 'gantry get deployments' lists them"));
    }

    /// A deployment by id, or by a name that only one has.
    public Deployment find(String idOrName) {
        List<Deployment> found = fleet.clients().stream()
                .flatMap(view -> view.deployments().values().stream())
                .filter(deployment -> deployment.id().value().equals(idOrName)
                        || !deployment.withdrawn() && deployment.origin().name().equals(idOrName))
                .toList();
        if (found.size() > 1) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    "several deployments are named " + idOrName + "; name one by its id: "
                            + found.stream()
                                    .map(deployment -> deployment.id().value())
                                    .toList());
        }
        return found.stream()
                .findFirst()
                .orElseThrow(() -> new Fault(
                        Fault.Kind.MISSING,
                        "there is no deployment " + idOrName + "; 'gantry get deployments' lists them"));
    }

    /// The client that reports a device.
    public ClientId owner(DeviceId device, Optional<ClientId> client) {
        List<ClientId> owners = fleet.clients().stream()
                .filter(view ->
                        client.filter(id -> !id.equals(view.client().id())).isEmpty())
                .filter(view -> view.devices().containsKey(device))
                .map(view -> view.client().id())
                .toList();
        if (owners.size() > 1) {
            throw new Fault(
                    Fault.Kind.CONFLICT, "several clients report a device " + device + "; name one of " + owners);
        }
        return owners.stream()
                .findFirst()
                .orElseThrow(() -> new Fault(
                        Fault.Kind.MISSING,
                        "there is no device " + device + "; 'gantry get devices' lists those that have reported"));
    }

    /// What is to run.
    private record Content(AppPackage application, String name, Map<String, Tree> values, Optional<String> profile) {}

    private AppPackage known(PackageId id) {
        return fleet.application(id)
                .orElseThrow(() -> new Fault(
                        Fault.Kind.MISSING,
                        "the catalogue has no " + id + "; 'gantry get apps' lists it, 'gantry app import' adds to it"));
    }

    private static void unused(ClientView view, DeviceId device, String name) {
        view.deployments().values().stream()
                .filter(deployment -> !deployment.withdrawn())
                .filter(deployment -> deployment.target().value().equals(device.value()))
                .filter(deployment -> deployment.origin().name().equals(name))
                .findFirst()
                .ifPresent(taken -> {
                    throw new Fault(
                            Fault.Kind.CONFLICT,
                            "device " + device + " has a deployment named " + name + " already (" + taken.id()
                                    + "); change that one, or give this one another --name");
                });
    }

    private Decision<Answer> placed(
            ClientView view,
            DeploymentId id,
            ApplicationDeployment.Target target,
            Content content,
            Optional<Deployment> before) {
        ApplicationDescription description = content.application().description().value();
        Device device = target.device()
                .flatMap(wanted -> Optional.ofNullable(view.devices().get(wanted)))
                .orElseThrow(() -> new Fault(Fault.Kind.MISSING, "there is no device " + target.value()));
        if (before.isEmpty() && view.wanted().size() >= limits.deployments()) {
            throw new Fault(Fault.Kind.REFUSED, "a client has at most " + limits.deployments() + " deployments");
        }
        return switch (Placement.choose(description, device.capabilities().value(), content.profile())) {
            case Placement.Answer.Unplaceable(var reasons) -> Decision.nothing(new Answer.Unplaceable(reasons));
            case Placement.Answer.Placed(var profile) -> {
                List<Finding> findings = findings(description, profile, content, before);
                yield findings.isEmpty()
                        ? published(view, id, target, content, profile, before)
                        : Decision.nothing(new Answer.InvalidValues(findings));
            }
        };
    }

    private static List<Finding> findings(
            ApplicationDescription description,
            DeploymentProfile profile,
            Content content,
            Optional<Deployment> before) {
        var findings = new ArrayList<>(ParameterCheck.values(description, profile, content.values()));
        before.ifPresent(deployment -> findings.addAll(
                ParameterCheck.changes(description, deployment.origin().values(), content.values())));
        return findings;
    }

    private Decision<Answer> published(
            ClientView view,
            DeploymentId id,
            ApplicationDeployment.Target target,
            Content content,
            DeploymentProfile profile,
            Optional<Deployment> before) {
        AppPackage application = content.application();
        var metadata = new ApplicationDeployment.Metadata(
                content.name(), application.id().application().value(), target);
        Blob document = Render.deployment(
                id, metadata, application.description().value(), profile, content.values(), application.pins());
        var origin = new Deployment.Origin(
                content.name(), application.id(), profile.id(), content.values(), clock.instant());
        if (before.filter(present -> present.document().equals(document)).isPresent()) {
            return Decision.nothing(new Answer.Done(before.get()));
        }
        Deployment deployment = before.map(present -> present.changed(origin, document, Fleet.next(view)))
                .orElseGet(() ->
                        new Deployment(id, view.client().id(), target, origin, document, Fleet.next(view), false));
        return new Decision<>(
                Fleet.publishing(view, paths, List.of(new Change.DeploymentPut(deployment))),
                new Answer.Done(deployment));
    }
}
