// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Secret;
import dev.gantry.identity.CertificateRequest;
import dev.gantry.identity.enrolment.CredentialRequest;
import dev.gantry.spec.MediaTypes;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// What the calls of both listeners have in common: bodies, bearers, refusals.
final class Calls {
    private static final String BEARER = "Bearer ";
    private static final String PROBLEM = "urn:x-gantry:problem:";

    private Calls() {}

    static Response only(Request request, String methods) {
        return Problem.blank(405, request.rawPath() + " answers " + methods)
                .response(request)
                .with("Allow", methods);
    }

    static Response nothing(Request request) {
        return Problem.blank(404, "there is nothing at this path").response(request);
    }

    /// Calls with the body of a POST, or refuses its size or type.
    static Response posted(Request request, Function<Blob, Response> call) {
        if (!request.method().equals("POST")) {
            return only(request, "POST");
        }
        if (!request.headers().mediaType().filter(MediaTypes.JSON::equals).isPresent()) {
            return Problem.blank(415, "the body must be " + MediaTypes.JSON).response(request);
        }
        if (request.body().length() > CredentialRequest.BYTES) {
            return Problem.blank(413, "the body has more than " + CredentialRequest.BYTES + " bytes")
                    .response(request);
        }
        return call.apply(request.body().whole(CredentialRequest.BYTES));
    }

    /// The secret after `Authorization: Bearer`.
    static Optional<Secret> bearer(Request request) {
        return request.headers()
                .get("Authorization")
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> new Secret(value.substring(BEARER.length()).strip()));
    }

    /// What is wrong with a certificate request is told as a finding at `csr`.
    static CertificateRequest certificateRequest(Blob body) {
        String csr = CredentialRequest.read(body).csr();
        try {
            return CertificateRequest.read(csr);
        } catch (Fault fault) {
            throw Fault.invalid("credential request", List.of(new Finding("csr", "", fault.getMessage())));
        }
    }

    static Response answer(Enrolments.Outcome outcome, Request request) {
        return switch (outcome) {
            case Enrolments.Issued(var credential) ->
                Response.of(201, MediaTypes.JSON, credential.write()).with("Cache-Control", "no-store");
            case Enrolments.Refused(var reason) -> refused(reason, request);
        };
    }

    private static Response refused(Enrolments.Reason reason, Request request) {
        String detail = switch (reason) {
            case UNKNOWN -> "this enrolment token is not known here; ask the operator for a new one";
            case EXPIRED -> "the enrolment token has expired; ask the operator for a new one";
            case USED ->
                "the enrolment token was spent with another key; when that was not you, tell the operator; ask for a new"
                        + " one";
            case CLOSED ->
                "the enrolment token was closed after too many wrong secrets; ask the operator for a new one";
            case SUPERSEDED -> "this identity is not enrolled, or another device has enrolled as it since; enrol again";
        };
        if (reason == Enrolments.Reason.UNKNOWN) {
            return unauthorized(request, type(reason), detail);
        }
        return problem(type(reason), "Enrolment Refused", 403, detail).response(request);
    }

    private static String type(Enrolments.Reason reason) {
        return PROBLEM
                + (reason == Enrolments.Reason.SUPERSEDED ? "identity-" : "token-")
                + reason.name().toLowerCase(Locale.ROOT);
    }

    static Response unauthorized(Request request, String type, String detail) {
        return problem(type, "Unauthorized", 401, detail)
                .response(request)
                .with("WWW-Authenticate", "Bearer realm=\"gantry-mis\"");
    }

    private static Problem problem(String type, String title, int status, String detail) {
        return new Problem(type, title, status, detail, Optional.empty(), List.of());
    }
}
