// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.Memory.Accepted;
import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.StateManifest;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.wire.Body;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import dev.gantry.wire.Unreachable;
import dev.gantry.wire.rc3.Bundles;
import dev.gantry.wire.rc3.Paths;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// The WFM as its client sees it, generation rc.3: one exchange for each call, everything verified before it is
/// handed
/// on.
///
/// @param transport mutual TLS in the field, a handler in the simulation
/// @param paths with the base path of this WFM
public record WfmClient(Transport transport, Paths paths) {
    private static final int MANIFEST_BYTES = 16 << 20;
    private static final int DOCUMENT_BYTES = 1 << 20;
    private static final int BUNDLE_BYTES = 64 << 20;
    private static final Set<Integer> FINAL = Set.of(400, 404, 405, 413, 415, 422);

    /// The WFM answered, but not with what was asked for.
    public static final class RefusedByWfm extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        RefusedByWfm(Problem problem) {
            super(problem.title());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    /// What came is not what it should be; nothing of it is used (MI-067).
    public static final class Untrustworthy extends Exception {
        private static final long serialVersionUID = 1;

        Untrustworthy(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// Reports what a device is.
    @Requirement({"MI-076", "DV-001", "DV-002"})
    void introduce(DeviceId device, Blob capabilities) throws Unreachable, RefusedByWfm {
        Response response = transport.send(
                Request.of("PUT", paths.capabilities(device)).with(MediaTypes.JSON, Body.of(capabilities)));
        if (!response.isSuccess()) {
            throw new RefusedByWfm(Problem.read(response));
        }
    }

    /// Asks for the manifest; empty when there is none newer than the accepted one.
    @Requirement({"MI-035", "MI-068", "MI-070", "MI-071", "DP-032", "DP-035"})
    Optional<Wanted> poll(Optional<Accepted> accepted) throws Unreachable, RefusedByWfm, Untrustworthy {
        Request plain = Request.get(paths.deployments()).with("Accept", MediaTypes.MANIFEST);
        Response response = transport.send(
                accepted.map(known -> plain.with("If-None-Match", known.etag())).orElse(plain));
        if (response.status() == 304 && accepted.isPresent()) {
            return Optional.empty();
        }
        if (response.status() != 200) {
            throw new RefusedByWfm(Problem.read(response));
        }
        if (!response.headers().mediaType().equals(Optional.of(MediaTypes.MANIFEST))) {
            throw new Untrustworthy("manifest refused: its media type is not " + MediaTypes.MANIFEST);
        }
        Blob body = body(response, MANIFEST_BYTES);
        String etag = response.headers().get("ETag").orElse("");
        if (!etag.equals(Conditions.etag(body.digest()))) {
            throw new Untrustworthy("manifest refused: its ETag is not the digest of its bytes (MI-037)");
        }
        Wanted wanted = new Wanted(parsed(body), etag);
        return accepted.isPresent() ? newer(wanted, accepted.get()) : Optional.of(wanted);
    }

    private StateManifest parsed(Blob body) throws Untrustworthy {
        StateManifest manifest;
        try {
            manifest = StateManifest.read(body).value();
        } catch (Fault fault) {
            throw new Untrustworthy("manifest refused: " + fault.getMessage());
        }
        for (StateManifest.Entry entry : manifest.deployments()) {
            if (!entry.url().equals(paths.deployment(entry.id(), entry.digest()))) {
                throw new Untrustworthy(
                        "manifest refused: the url of deployment " + entry.id() + " is not its own (MI-050)");
            }
        }
        if (manifest.bundle()
                .filter(bundle -> !bundle.url().equals(paths.bundle(bundle.digest())))
                .isPresent()) {
            throw new Untrustworthy("manifest refused: the url of its bundle is not the bundle's own (MI-047)");
        }
        return manifest;
    }

    /// An older state must not be replayed to a device, not even by someone who recorded it (reading A-19).
    private static Optional<Wanted> newer(Wanted wanted, Accepted accepted) throws Untrustworthy {
        if (wanted.version().isAfter(accepted.version())) {
            return Optional.of(wanted);
        }
        if (wanted.version().equals(accepted.version()) && wanted.etag().equals(accepted.etag())) {
            return Optional.empty();
        }
        throw new Untrustworthy("manifest refused: version " + wanted.version()
                + " does not follow the accepted version " + accepted.version() + " (MI-070)");
    }

    /// Fetches one document.
    @Requirement({"MI-064", "MI-066", "MI-067", "DP-021"})
    Blob document(StateManifest.Entry entry) throws Unreachable, RefusedByWfm, Untrustworthy {
        Response response = transport.send(
                Request.get(paths.deployment(entry.id(), entry.digest())).with("Accept", MediaTypes.DEPLOYMENT));
        if (response.status() != 200) {
            throw new RefusedByWfm(Problem.read(response));
        }
        Blob document = body(response, DOCUMENT_BYTES);
        if (!document.digest().equals(entry.digest())) {
            throw new Untrustworthy("update refused: deployment " + entry.id() + " does not have its digest (MI-066)");
        }
        own(entry.id(), document);
        return document;
    }

    /// Fetches all documents of a manifest in one archive, verified twice: as a whole and one by one.
    @Requirement({"MI-066", "MI-067", "DP-021"})
    SortedMap<DeploymentId, Blob> bundle(StateManifest manifest) throws Unreachable, RefusedByWfm, Untrustworthy {
        StateManifest.Bundle bundle = manifest.bundle().orElseThrow();
        Response response =
                transport.send(Request.get(paths.bundle(bundle.digest())).with("Accept", MediaTypes.BUNDLE));
        if (response.status() != 200) {
            throw new RefusedByWfm(Problem.read(response));
        }
        Blob archive = body(response, BUNDLE_BYTES);
        if (!archive.digest().equals(bundle.digest())) {
            throw new Untrustworthy("update refused: the bundle does not have its digest (MI-066)");
        }
        try {
            SortedMap<DeploymentId, Blob> documents = Bundles.read(archive, manifest);
            for (var entry : documents.entrySet()) {
                own(entry.getKey(), entry.getValue());
            }
            return documents;
        } catch (Fault fault) {
            throw new Untrustworthy("update refused: " + fault.getMessage());
        }
    }

    /// A document that can be read has to be the deployment it is listed as (MI-048).
    private static void own(DeploymentId id, Blob document) throws Untrustworthy {
        try {
            if (!ApplicationDeployment.read(document).value().id().equals(id)) {
                throw new Untrustworthy(
                        "update refused: the document of deployment " + id + " has another id (MI-048)");
            }
        } catch (Fault _) {
            // A document that cannot be read fails alone, when it is applied; it does not stop the others.
        }
    }

    /// Reports a status; true when the WFM has heard it, or will never want to hear it.
    @Requirement({"MI-075", "MI-105", "DV-037"})
    boolean tell(DeploymentStatus status) throws Unreachable, RefusedByWfm {
        Response response = transport.send(Request.of("POST", paths.status(status.deployment()))
                .with(MediaTypes.JSON, Body.of(Json.canonical(status.tree()))));
        if (response.isSuccess() || FINAL.contains(response.status())) {
            return true;
        }
        throw new RefusedByWfm(Problem.read(response));
    }

    private static Blob body(Response response, int limit) throws Untrustworthy {
        try {
            return response.body().whole(limit);
        } catch (Fault fault) {
            throw new Untrustworthy("answer refused: " + fault.getMessage());
        }
    }

    /// A manifest that was accepted before, to fetch its documents once more.
    static Wanted again(Accepted accepted, Paths paths) {
        List<StateManifest.Entry> entries = accepted.documents().entrySet().stream()
                .map(entry -> new StateManifest.Entry(
                        entry.getKey(), entry.getValue(), paths.deployment(entry.getKey(), entry.getValue())))
                .toList();
        return new Wanted(new StateManifest(accepted.version(), Optional.empty(), entries), accepted.etag());
    }
}
