// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.MediaTypes;
import dev.gantry.wfm.Client;
import dev.gantry.wfm.Deployment;
import dev.gantry.wfm.Fleet;
import dev.gantry.wfm.Operations;
import dev.gantry.wfm.PackageId;
import dev.gantry.wfm.Packages;
import dev.gantry.wfm.Reports;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator API: what the command line, pipelines and other people's programs speak. Its contract is the
/// OpenAPI document that it serves at [#CONTRACT]. Whoever reaches this handler has signed in ([SignIn]).
final class OperatorApi implements Handler {
    static final String BASE = "/operator/v1";
    static final String CONTRACT = BASE + "/openapi.json";
    private static final int BODY_BYTES = 1 << 20;

    private final Fleet fleet;
    private final Reports reports;
    private final Operations operations;
    private final Packages packages;
    private final Enrolment enrolment;
    private final Views views;

    OperatorApi(Fleet fleet, Reports reports, Operations operations, Packages packages, Enrolment enrolment) {
        this.fleet = fleet;
        this.reports = reports;
        this.operations = operations;
        this.packages = packages;
        this.enrolment = enrolment;
        this.views = new Views(fleet);
    }

    @Override
    public Response handle(Caller caller, Request request) {
        String path = request.rawPath();
        if (!path.startsWith(BASE + "/")) {
            return nothing(request);
        }
        String[] segments = path.substring(BASE.length() + 1).split("/", -1);
        String id = segments.length > 1 ? decoded(segments[1]) : "";
        String more = segments.length > 2 ? decoded(segments[2]) : "";
        return switch (segments[0] + "/" + Math.min(segments.length, 4)) {
            case "applications/1" -> applications(request);
            case "applications/2" ->
                only(
                        "GET",
                        request,
                        () -> ok(views.application(fleet.application(PackageId.of(id))
                                .orElseThrow(() -> missing("the catalogue has no " + id)))));
            case "devices/1" -> only("GET", request, () -> ok(list(views.devices(reports.knocks()))));
            case "clients/3" -> more.equals("approval") ? approval(request, new ClientId(id)) : nothing(request);
            case "enrolments/1" -> only("POST", request, () -> enrol(request));
            case "deployments/1" -> deployments(request);
            case "deployments/2" -> deployment(request, id);
            default -> nothing(request);
        };
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Fault(Fault.Kind.INVALID, "the path is not percent-encoded as RFC 3986 says", e);
        }
    }

    private static Fault missing(String message) {
        return new Fault(Fault.Kind.MISSING, message);
    }

    private static Response nothing(Request request) {
        return Problem.blank(404, "There is nothing at this path; " + CONTRACT + " lists what there is.")
                .response(request);
    }

    @FunctionalInterface
    private interface Answer {
        Response give();
    }

    private static Response only(String method, Request request, Answer answer) {
        return request.method().equals(method) ? answer.give() : notAllowed(request, method);
    }

    private static Response notAllowed(Request request, String allowed) {
        return Problem.blank(405, "This resource takes " + allowed + ".")
                .response(request)
                .with("Allow", allowed);
    }

    private static Response ok(Tree document) {
        return answer(200, document);
    }

    private static Response answer(int status, Tree document) {
        return Response.of(status, MediaTypes.JSON, Json.canonical(document)).with("Cache-Control", "no-store");
    }

    private static Tree list(List<? extends Tree> items) {
        return Tree.members().put("items", Tree.of(items)).build();
    }

    private static Tree body(Request request) {
        if (request.headers().mediaType().filter(MediaTypes.JSON::equals).isEmpty()) {
            throw Fault.invalid("the body has to be " + MediaTypes.JSON);
        }
        Blob body = request.body().whole(BODY_BYTES);
        return Json.read(body);
    }

    private Response applications(Request request) {
        return switch (request.method()) {
            case "GET" ->
                ok(list(fleet.applications().stream().map(views::application).toList()));
            case "POST" -> {
                String reference = Fields.read("import", body(request), fields -> {
                    var text = fields.needText("reference", "");
                    return text::orElseThrow;
                });
                yield answer(201, views.application(operations.add(packages.fetch(reference))));
            }
            default -> notAllowed(request, "GET, POST");
        };
    }

    private Response approval(Request request, ClientId id) {
        Client client = switch (request.method()) {
            case "PUT" -> operations.approve(id);
            case "DELETE" -> operations.retire(id);
            default -> null;
        };
        return client == null ? notAllowed(request, "PUT, DELETE") : ok(Views.client(client));
    }

    private Response enrol(Request request) {
        ClientId id = Fields.read("enrolment", body(request), fields -> {
            var client = fields.need("client", "ID-016", ClientId::new);
            return client::orElseThrow;
        });
        Tree token = enrolment.token(id);
        operations.expect(id);
        return answer(201, token);
    }

    private Response deployments(Request request) {
        return switch (request.method()) {
            case "GET" -> ok(list(views.deployments()));
            case "POST" -> outcome(request, 201, operations.deploy(wish(body(request))));
            default -> notAllowed(request, "GET, POST");
        };
    }

    private static Operations.Deploy wish(Tree tree) {
        return Fields.read("deployment", tree, fields -> {
            var id = fields.value("id", "DP-001", DeploymentId::new);
            var name = fields.text("name", "");
            var application = fields.need("application", "", PackageId::of);
            var device = fields.need("device", "MI-080", DeviceId::new);
            var client = fields.value("client", "ID-016", ClientId::new);
            var profile = fields.text("profile", "");
            Map<String, Tree> values = values(fields);
            return () -> new Operations.Deploy(
                    id, name, application.orElseThrow(), device.orElseThrow(), client, profile, values);
        });
    }

    private static Map<String, Tree> values(Fields fields) {
        return new LinkedHashMap<>(fields.object("values", "AD-058")
                .map(inner -> inner.tree().members())
                .orElseGet(LinkedHashMap::new));
    }

    private Response deployment(Request request, String idOrName) {
        Deployment deployment = operations.find(idOrName);
        return switch (request.method()) {
            case "GET" -> ok(views.deployment(deployment));
            case "PATCH" -> {
                Tree tree = body(request);
                yield Fields.read("change", tree, fields -> {
                    var application = fields.value("application", "", PackageId::of);
                    Map<String, Tree> values = values(fields);
                    return () -> outcome(request, 200, operations.change(deployment.id(), application, values));
                });
            }
            case "DELETE" -> answer(202, views.deployment(operations.withdraw(deployment.id())));
            default -> notAllowed(request, "GET, PATCH, DELETE");
        };
    }

    private Response outcome(Request request, int status, Operations.Answer answer) {
        return switch (answer) {
            case Operations.Answer.Done(var deployment) -> answer(status, views.deployment(deployment));
            case Operations.Answer.InvalidValues(var findings) ->
                Problem.of(Fault.invalid("the set of values", findings)).response(request);
            case Operations.Answer.Unplaceable(var reasons) ->
                new Problem(
                                "urn:x-gantry:problem:not-placeable",
                                "Not Placeable",
                                422,
                                "The device cannot run it: " + String.join("; ", reasons),
                                Optional.empty(),
                                List.of())
                        .response(request);
        };
    }
}
