// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Tree;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.TransportConfig;
import dev.gantry.wire.Body;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The public operator API, as a client. Refusals become faults whose message is the server's own words.
public final class OperatorClient implements AutoCloseable {
    private static final String BASE = "/operator/v1";
    private static final String JSON = "application/json";

    private final HttpTransport transport;
    private final String key;

    private OperatorClient(HttpTransport transport, String key) {
        this.transport = transport;
        this.key = key;
    }

    /// The WFM at this address; its certificate is checked by the platform's anchors when it speaks TLS.
    public static OperatorClient at(URI url, String key) {
        boolean secure = "https".equals(url.getScheme());
        return new OperatorClient(
                new HttpTransport(
                        secure ? TransportConfig.to(url, new ServerCheck.PublicPki()) : TransportConfig.plain(url)),
                key);
    }

    public List<Tree.Obj> applications() {
        return list("/applications");
    }

    public Tree.Obj application(String id) {
        return send("GET", "/applications/" + escaped(id), Optional.empty());
    }

    /// Imports a package by its reference: `registry/path:version`.
    public Tree.Obj importApplication(String reference) {
        return send(
                "POST",
                "/applications",
                Tree.members().put("reference", reference).build());
    }

    public List<Tree.Obj> devices() {
        return list("/devices");
    }

    /// Makes a one-time enrolment token.
    public Tree.Obj enrol(String client) {
        return send("POST", "/enrolments", Tree.members().put("client", client).build());
    }

    public Tree.Obj approve(String client) {
        return send("PUT", "/clients/" + escaped(client) + "/approval", Optional.empty());
    }

    public Tree.Obj retire(String client) {
        return send("DELETE", "/clients/" + escaped(client) + "/approval", Optional.empty());
    }

    public List<Tree.Obj> deployments() {
        return list("/deployments");
    }

    public Tree.Obj deployment(String idOrName) {
        return send("GET", "/deployments/" + escaped(idOrName), Optional.empty());
    }

    public Tree.Obj deploy(Tree.Obj wish) {
        return send("POST", "/deployments", wish);
    }

    /// Changes version, values or both.
    public Tree.Obj change(String id, Optional<String> application, Map<String, Tree> values) {
        Tree.Obj change = Tree.members()
                .putText("application", application)
                .put("values", Tree.of(values))
                .build();
        return send("PATCH", "/deployments/" + escaped(id), change);
    }

    public Tree.Obj withdraw(String idOrName) {
        return send("DELETE", "/deployments/" + escaped(idOrName), Optional.empty());
    }

    private List<Tree.Obj> list(String path) {
        Tree items = send("GET", path, Optional.empty()).get("items").orElseGet(() -> Tree.of(List.of()));
        return items instanceof Tree.Arr(var found)
                ? found.stream()
                        .filter(Tree.Obj.class::isInstance)
                        .map(Tree.Obj.class::cast)
                        .toList()
                : List.of();
    }

    private Tree.Obj send(String method, String path, Tree body) {
        return send(method, path, Optional.of(Json.canonical(body)));
    }

    private Tree.Obj send(String method, String path, Optional<Blob> body) {
        Request plain = Request.of(method, BASE + path).with("Authorization", "Bearer " + key);
        Request request = body.map(blob -> plain.with(JSON, Body.of(blob))).orElse(plain);
        try {
            Response response = transport.send(request);
            if (!response.isSuccess()) {
                throw refused(Problem.read(response));
            }
            Tree answer = Json.read(response.body().whole(Limits.MANIFEST.bytes()), Limits.MANIFEST);
            if (answer instanceof Tree.Obj object) {
                return object;
            }
            throw new Fault(Fault.Kind.BROKEN, "the WFM answered with something that is no object");
        } catch (Unreachable e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "the WFM does not answer: " + e.getMessage() + "; check --url (GANTRY_URL) and that 'gantry server'"
                            + " runs",
                    e);
        }
    }

    private static Fault refused(Problem problem) {
        Fault.Kind kind = switch (problem.status()) {
            case 401, 403 -> Fault.Kind.REFUSED;
            case 404 -> Fault.Kind.MISSING;
            case 409 -> Fault.Kind.CONFLICT;
            case 429, 503 -> Fault.Kind.UNAVAILABLE;
            case 500 -> Fault.Kind.BROKEN;
            default -> Fault.Kind.INVALID;
        };
        return new Fault(kind, problem.detail().isEmpty() ? problem.title() : problem.detail());
    }

    private static String escaped(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        transport.close();
    }
}
