// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Finding;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A refusal as RFC 9457 writes it, with the members that Margo adds (management interface, section 11).
///
/// @param type a registered URI, `about:blank`, or one of ours; opaque, never fetched (MI-018, MI-020)
/// @param retryAfter how long a client waits at least; sent as header and member, the header wins (MI-029)
/// @param errors field by field, for 422 (MI-022)
@Requirement({"MI-015", "MI-016", "MI-017", "MI-022", "MI-023", "MI-024", "MI-025", "MI-030"})
public record Problem(
        String type, String title, int status, String detail, Optional<Duration> retryAfter, List<Finding> errors) {
    public static final String BLANK = "about:blank";

    private static final String REGISTERED = "https://docs.margo.org/specification/problem-types#";
    private static final Duration LATER = Duration.ofSeconds(5);
    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    /// The problem types that Margo has registered, each with its status and title.
    public enum Registered {
        INVALID_REQUEST("invalid-request", 400, "Invalid Request"),
        SEMANTIC_ERROR("semantic-error", 422, "Semantic Error"),
        NOT_AUTHORIZED("not-authorized", 403, "Not Authorized"),
        GATEWAY_NOT_FOUND("gateway-not-found", 404, "Gateway not found"),
        DEVICE_NOT_FOUND("device-not-found", 404, "Device Not Found"),
        INVALID_BUNDLE("invalid-bundle", 404, "Invalid Bundle"),
        DEPLOYMENT_NOT_FOUND("deployment-not-found", 404, "Deployment Not Found"),
        CANNOT_GENERATE("server-cannot-generate-response", 406, "Server Cannot Generate Response");

        private final String fragment;
        private final int status;
        private final String title;

        Registered(String fragment, int status, String title) {
            this.fragment = fragment;
            this.status = status;
            this.title = title;
        }

        /// The type's URI.
        public String uri() {
            return REGISTERED + fragment;
        }

        public Problem because(String detail) {
            return new Problem(uri(), title, status, detail, Optional.empty(), List.of());
        }

        public Problem because(String detail, List<Finding> errors) {
            return new Problem(uri(), title, status, detail, Optional.empty(), errors);
        }
    }

    public Problem {
        errors = List.copyOf(errors);
    }

    /// A plain HTTP condition: `about:blank` with the status phrase as title.
    public static Problem blank(int status, String detail) {
        boolean later = status == 429 || status >= 500 && status != 501 && status != 505;
        return new Problem(
                BLANK,
                PHRASES.getOrDefault(status, "HTTP " + status),
                status,
                detail,
                later ? Optional.of(LATER) : Optional.empty(),
                List.of());
    }

    /// What a fault looks like from outside where no registered type fits. What is ours to repair is not told.
    public static Problem of(Fault fault) {
        return switch (fault.kind()) {
            case INVALID ->
                withErrors(blank(fault.findings().isEmpty() ? 400 : 422, fault.getMessage()), fault.findings());
            case REFUSED -> blank(403, fault.getMessage());
            case MISSING -> blank(404, fault.getMessage());
            case CONFLICT -> blank(409, fault.getMessage());
            case UNAVAILABLE -> blank(503, "The server cannot do this now; try again later.");
            case BROKEN -> blank(500, "The server has an internal problem; its log says which.");
        };
    }

    private static Problem withErrors(Problem problem, List<Finding> errors) {
        return new Problem(problem.type, problem.title, problem.status, problem.detail, problem.retryAfter, errors);
    }

    /// Whether a client may try the same again.
    public boolean retryable() {
        return retryAfter.isPresent();
    }

    /// The answer that carries this problem.
    ///
    /// @param request whose path becomes `instance`
    public Response response(Request request) {
        var document = Tree.members()
                .put("type", type)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", request.rawPath())
                .put("retryable", retryable())
                .put("retryAfterSeconds", retryAfter.map(wait -> Tree.of(wait.toSeconds())))
                .put("backoffStrategy", retryable() ? "exponential" : "none");
        if (!errors.isEmpty()) {
            document.put("errors", Tree.of(errors.stream().map(Problem::tree).toList()));
        }
        Response response = Response.of(status, MediaTypes.PROBLEM, Json.canonical(document.build()));
        return retryAfter
                .map(wait -> response.with("Retry-After", Long.toString(wait.toSeconds())))
                .orElse(response);
    }

    private static Tree tree(Finding finding) {
        return Tree.members()
                .put("field", finding.field())
                .put("message", finding.message())
                .putText("rule", Optional.of(finding.rule()).filter(rule -> !rule.isEmpty()))
                .build();
    }

    /// Reads a refusal of whoever wrote it: what is missing or is no problem document falls back to the status
    /// (reading A-3, MI-019).
    public static Problem read(Response response) {
        Problem plain = blank(response.status(), "");
        try {
            Blob body = response.body().whole(1 << 16);
            Problem told = Fields.read("problem", Json.read(body), fields -> {
                var type = fields.text("type", "").orElse(BLANK);
                var title = fields.text("title", "").orElse(plain.title);
                var detail = fields.text("detail", "").orElse("");
                boolean retryable = fields.bool("retryable", "").orElse(plain.retryable());
                Optional<Duration> wait = fields.number("retryAfterSeconds", "")
                        .map(seconds -> Duration.ofSeconds(Math.clamp(seconds.longValue(), 0, 86_400)))
                        .or(() -> plain.retryAfter.or(() -> Optional.of(LATER)))
                        .filter(_ -> retryable);
                return () -> new Problem(type, title, response.status(), detail, wait, List.of());
            });
            return header(response).map(told::after).orElse(told);
        } catch (Fault _) {
            return header(response).map(plain::after).orElse(plain);
        }
    }

    private Problem after(Duration wait) {
        return retryable() ? new Problem(type, title, status, detail, Optional.of(wait), errors) : this;
    }

    private static Optional<Duration> header(Response response) {
        return response.headers()
                .get("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }
}
