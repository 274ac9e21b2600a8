// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Problem.Registered;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.rc3.Paths;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The management interface, generation rc.3, as a function of the verified client and its request. Who the
/// client is
/// comes from its credential alone; every id in a path is looked up among the client's own resources, so that
/// another
/// client's look as if they did not exist (MI-007, MI-008).
///
/// Reads answer from memory ([#now]); only capabilities and statuses touch the store.
@Requirement({"MI-001", "MI-007", "MI-008", "MI-013", "ID-105"})
public final class DeviceApi {
    private static final String CACHE_ALWAYS = "private, max-age=31536000, immutable";
    private static final Blob CAPABILITIES_RECEIVED =
            Json.canonical(Tree.members().put("status", "capabilities_received").build());
    private static final Blob STATUS_RECEIVED =
            Json.canonical(Tree.members().put("acknowledgement", "received").build());

    private final Fleet fleet;
    private final Reports reports;
    private final Paths paths;
    private final Limits limits;

    /// @param paths below which the interface is served
    public DeviceApi(Fleet fleet, Reports reports, Paths paths, Limits limits) {
        this.fleet = fleet;
        this.reports = reports;
        this.paths = paths;
        this.limits = limits;
    }

    /// The answer, if memory holds it: manifests, deployments, bundles, and every refusal that needs no body.
    public Optional<Response> now(ClientId client, Request request) {
        return isRead(request) ? Optional.of(handle(client, request)) : Optional.empty();
    }

    private static boolean isRead(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /// The answer to any request.
    @Requirement({"MI-012", "ID-092", "ID-051"})
    public Response handle(ClientId caller, Request request) {
        Optional<ClientView> view = fleet.client(caller);
        if (view.filter(known -> known.client().isAccepted()).isEmpty()) {
            reports.knocked(caller);
            return Registered.NOT_AUTHORIZED
                    .because("This client is not accepted by this Workload Fleet Manager. Its operator can approve it.")
                    .response(request);
        }
        String path = request.rawPath();
        if (path.equals(paths.deployments())) {
            return reading(request, () -> manifest(view.get(), request));
        }
        if (path.startsWith(paths.deployments() + "/")) {
            return deployment(
                    view.get(), request, path.substring(paths.deployments().length() + 1));
        }
        if (path.startsWith(paths.bundles() + "/")) {
            String digest = decoded(path.substring(paths.bundles().length() + 1));
            return reading(request, () -> bundle(view.get(), request, digest));
        }
        if (path.startsWith(paths.capabilities() + "/")) {
            return capabilities(
                    caller, request, decoded(path.substring(paths.capabilities().length() + 1)));
        }
        return Problem.blank(404, "There is nothing at this path.").response(request);
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return segment;
        }
    }

    /// Supplies a response to a GET or HEAD, refuses other methods.
    private static Response reading(Request request, java.util.function.Supplier<Response> answer) {
        return isRead(request) ? answer.get() : notAllowed(request, "GET, HEAD");
    }

    private static Response notAllowed(Request request, String allowed) {
        return Problem.blank(405, "This resource takes " + allowed + ".")
                .response(request)
                .with("Allow", allowed);
    }

    @Requirement({"MI-031", "MI-032", "MI-033", "MI-034", "MI-036", "MI-037", "MI-039", "DP-025", "DP-033"})
    private static Response manifest(ClientView view, Request request) {
        Head head = view.head().orElseThrow(() -> new IllegalStateException("an accepted client has a manifest"));
        String etag = Conditions.etag(head.manifest().digest());
        if (!Conditions.accepts(request, MediaTypes.MANIFEST)) {
            return Registered.CANNOT_GENERATE
                    .because("The manifest is served as " + MediaTypes.MANIFEST + " only.")
                    .response(request);
        }
        if (Conditions.matches(request, etag)) {
            return Response.of(304, "ETag", etag, "Cache-Control", "private");
        }
        return Response.of(200, MediaTypes.MANIFEST, head.manifest())
                .with("ETag", etag)
                .with("Cache-Control", "private");
    }

    private Response deployment(ClientView view, Request request, String rest) {
        int slash = rest.indexOf('/');
        String id = slash < 0 ? rest : rest.substring(0, slash);
        String last = slash < 0 ? "" : decoded(rest.substring(slash + 1));
        if (last.equals("status")) {
            return request.method().equals("POST")
                    ? status(view.client().id(), request, id)
                    : notAllowed(request, "POST");
        }
        return reading(
                request,
                () -> content(
                        request,
                        Digest.isDigest(last) && isDeploymentId(id)
                                ? view.document(new DeploymentId(id), new Digest(last))
                                : Optional.empty(),
                        MediaTypes.DEPLOYMENT,
                        Registered.DEPLOYMENT_NOT_FOUND.because(
                                "This client has no deployment with exactly this digest. Its manifest lists what there is.")));
    }

    private static boolean isDeploymentId(String text) {
        try {
            new DeploymentId(text);
            return true;
        } catch (Fault _) {
            return false;
        }
    }

    private static Response bundle(ClientView view, Request request, String digest) {
        return content(
                request,
                Digest.isDigest(digest) ? view.bundle(new Digest(digest)) : Optional.empty(),
                MediaTypes.BUNDLE,
                Registered.INVALID_BUNDLE.because(
                        "This client has no bundle with exactly this digest. Its manifest names the present one."));
    }

    @Requirement({"MI-053", "MI-054", "MI-055", "MI-056", "MI-057", "MI-058", "MI-061", "DP-020", "DP-022"})
    private static Response content(Request request, Optional<Blob> content, String mediaType, Problem missing) {
        if (content.isEmpty()) {
            return missing.response(request);
        }
        String etag = Conditions.etag(content.get().digest());
        Response response =
                Conditions.matches(request, etag) ? Response.of(304) : Response.of(200, mediaType, content.get());
        return response.with("ETag", etag).with("Cache-Control", CACHE_ALWAYS);
    }

    @Requirement({"MI-078", "MI-079", "MI-080", "MI-082", "DV-014", "DV-016", "DV-017"})
    private Response capabilities(ClientId caller, Request request, String device) {
        return switch (request.method().toUpperCase(Locale.ROOT)) {
            case "PUT" ->
                body(request, body -> {
                    Read<Capabilities> read = Capabilities.read(body);
                    if (!read.value().id().value().equals(device)) {
                        throw Fault.invalid(
                                "device capabilities",
                                List.of(new Finding("properties.id", "MI-080", "is not the device id of the path")));
                    }
                    return switch (reports.capabilities(caller, read)) {
                        case CREATED -> Response.of(201, MediaTypes.JSON, CAPABILITIES_RECEIVED);
                        case UPDATED -> Response.of(200, MediaTypes.JSON, CAPABILITIES_RECEIVED);
                        case NO_GATEWAY ->
                            Registered.GATEWAY_NOT_FOUND
                                    .because("The gateway of " + device + " has to report itself first.")
                                    .response(request);
                        case TOO_MANY ->
                            Registered.NOT_AUTHORIZED
                                    .because("A client reports at most " + limits.devices() + " devices here.")
                                    .response(request);
                    };
                });
            case "DELETE" ->
                reports.removed(caller, device)
                        ? Response.of(204)
                        : Registered.DEVICE_NOT_FOUND
                                .because("This client has no such device.")
                                .response(request);
            default -> notAllowed(request, "PUT, DELETE");
        };
    }

    @Requirement({"MI-083", "MI-084", "MI-106", "DV-046", "DV-047"})
    private Response status(ClientId caller, Request request, String id) {
        return body(request, body -> {
            Read<DeploymentStatus> read = DeploymentStatus.read(body);
            if (!read.value().deployment().value().equals(id)) {
                throw Fault.invalid(
                        "deployment status",
                        List.of(new Finding("deploymentId", "MI-105", "is not the deployment of the path")));
            }
            boolean first = reports.status(caller, read);
            return Response.of(first ? 201 : 200, MediaTypes.JSON, STATUS_RECEIVED);
        });
    }

    /// Reads a JSON body and turns what is wrong with it into the problems that the standard names (reading A-47).
    private Response body(Request request, Function<Blob, Response> answer) {
        if (request.headers().mediaType().filter(MediaTypes.JSON::equals).isEmpty()) {
            return Problem.blank(415, "The body has to be " + MediaTypes.JSON + ".")
                    .response(request);
        }
        try {
            return answer.apply(request.body().whole(limits.bodyBytes()));
        } catch (Fault fault) {
            if (fault.kind() != Fault.Kind.INVALID) {
                return Problem.of(fault).response(request);
            }
            Problem problem = fault.findings().isEmpty()
                    ? Registered.INVALID_REQUEST.because(fault.getMessage())
                    : Registered.SEMANTIC_ERROR.because(fault.getMessage(), fault.findings());
            return problem.response(request);
        }
    }
}
