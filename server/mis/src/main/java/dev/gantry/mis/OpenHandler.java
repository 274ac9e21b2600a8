// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.identity.Discovery;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The calls that need no client certificate: the trust endpoints, enrolment with a token, administration with
/// the admin key.
final class OpenHandler implements Handler {
    private static final Duration USUAL = Duration.ofHours(1);

    private final TrustDomain domain;
    private final Issuer issuer;
    private final Enrolments enrolments;
    private final SpkiPin pin;
    private final Secret adminKey;

    /// @param pin of the root above this listener's certificate
    OpenHandler(TrustDomain domain, Issuer issuer, Enrolments enrolments, SpkiPin pin, Secret adminKey) {
        this.domain = domain;
        this.issuer = issuer;
        this.enrolments = enrolments;
        this.pin = pin;
        this.adminKey = adminKey;
    }

    @Override
    public Optional<Response> now(Caller caller, Request request) {
        return switch (request.rawPath()) {
            case Addresses.DISCOVERY, Addresses.BUNDLE -> Optional.of(handle(caller, request));
            default -> Optional.empty();
        };
    }

    @Override
    @Requirement({"ID-064", "ID-066", "ID-067", "ID-072"})
    public Response handle(Caller caller, Request request) {
        return switch (request.rawPath()) {
            case Addresses.DISCOVERY ->
                document(request, new Discovery(domain, issuer.addresses().get().bundle()).write());
            case Addresses.BUNDLE -> document(request, issuer.bundle().source());
            case Addresses.ENROLMENTS -> Calls.posted(request, body -> enrol(request, body));
            case Addresses.TOKENS -> administered(request, () -> Calls.posted(request, this::token));
            case Addresses.IDENTITIES -> administered(request, () -> identities(request));
            default -> Calls.nothing(request);
        };
    }

    @Requirement("ID-071")
    private static Response document(Request request, Blob document) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Calls.only(request, "GET, HEAD");
        }
        String etag = Conditions.etag(document.digest());
        return Conditions.matches(request, etag)
                ? Response.of(304, "ETag", etag)
                : Response.of(200, MediaTypes.JSON, document).with("ETag", etag);
    }

    private Response enrol(Request request, Blob body) {
        Optional<Secret> secret = Calls.bearer(request);
        if (secret.isEmpty()) {
            return Calls.unauthorized(request, Problem.BLANK, "enrolling needs the secret of an enrolment token");
        }
        return Calls.answer(enrolments.enrol(secret.get().reveal(), Calls.certificateRequest(body)), request);
    }

    private Response administered(Request request, java.util.function.Supplier<Response> call) {
        if (Calls.bearer(request).filter(key -> adminKey.matches(key.reveal())).isEmpty()) {
            return Calls.unauthorized(
                    request, Problem.BLANK, "this call needs the key in the file admin-key of the identity service");
        }
        return call.get();
    }

    /// What an administrator asks for.
    private record Wish(MargoIdentity identity, Duration good) {}

    private Response token(Blob body) {
        Wish wish = wish(body);
        Enrolments.Ticket ticket = enrolments.newToken(wish.identity(), wish.good());
        var token = new EnrolmentToken(issuer.addresses().get().open(), domain, pin, ticket.secret());
        return Response.of(
                        201,
                        MediaTypes.JSON,
                        Json.canonical(Tree.members()
                                .put("token", token.text())
                                .put("expires", ticket.expires().toString())
                                .put("spiffeId", wish.identity().spiffeId().value())
                                .build()))
                .with("Cache-Control", "no-store");
    }

    private Wish wish(Blob body) {
        return Fields.read("token request", Json.read(body), fields -> {
            String kind = fields.needText("kind", "").orElse("");
            boolean client = kind.equals("client");
            if (!client && !kind.equals("wfm") && fields.tree().get("kind").isPresent()) {
                fields.wrong("kind", "", "is neither \"client\" nor \"wfm\"");
            }
            var id = fields.need(
                    "id", client ? "ID-016" : "ID-008", segment -> wfm(segment).wfmId());
            var wfm = client ? fields.need("wfm", "ID-008", this::wfm) : fields.value("wfm", "ID-008", this::wfm);
            if (!client && wfm.isPresent()) {
                fields.wrong("wfm", "", "stands with the kind client only; a WFM's own id is in id");
            }
            Duration good = fields.number("expiresInSeconds", "")
                    .flatMap(number -> seconds(fields, number))
                    .orElse(USUAL);
            fields.closed("", List.of());
            return () -> new Wish(client ? wfm.orElseThrow().client(id.orElseThrow()) : wfm(id.orElseThrow()), good);
        });
    }

    private MargoIdentity.Wfm wfm(String segment) {
        return new MargoIdentity.Wfm(domain, segment);
    }

    private Optional<Duration> seconds(Fields fields, BigDecimal number) {
        try {
            return Optional.of(enrolments.good(Duration.ofSeconds(number.longValueExact())));
        } catch (ArithmeticException _) {
            fields.wrong("expiresInSeconds", "", "is not a whole number of seconds");
        } catch (Fault fault) {
            fields.wrong("expiresInSeconds", "", fault.getMessage());
        }
        return Optional.empty();
    }

    private Response identities(Request request) {
        if (!request.method().equals("GET")) {
            return Calls.only(request, "GET");
        }
        List<Tree.Obj> all = enrolments.identities().entrySet().stream()
                .map(entry -> Tree.members()
                        .put("spiffeId", entry.getKey())
                        .put("enrolled", entry.getValue().since().toString())
                        .put("expires", entry.getValue().expires().toString())
                        .build())
                .toList();
        return Response.of(
                200,
                MediaTypes.JSON,
                Json.canonical(Tree.members().put("identities", Tree.of(all)).build()));
    }
}
