// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.CertificateRequest;
import dev.gantry.identity.Credential;
import dev.gantry.identity.EndpointAuthority;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.CredentialRequest;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.identity.enrolment.IssuedCredential;
import dev.gantry.spec.MediaTypes;
import dev.gantry.testkit.ManualClock;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// An identity service in memory, by a clock to turn, and calls to it.
abstract class MisFixture {
    static final TrustDomain FACTORY = new TrustDomain("factory.example");
    static final String PRESS = "spiffe://factory.example/margo/wfm/plant-a/client/press-01";
    static final String WISH = "{\"kind\":\"client\",\"id\":\"press-01\",\"wfm\":\"plant-a\"}";
    static final SecureRandom CHANCE = new SecureRandom();
    static final Addresses ADDRESSES =
            new Addresses(URI.create("https://mis.example:9443"), URI.create("https://mis.example:9444"));
    static final MisLimits LIMITS =
            new MisLimits(5, 3, 3, Duration.ofMinutes(1), Duration.ofDays(1), Duration.ofHours(1));

    final ManualClock clock = new ManualClock(Instant.parse("2026-02-01T12:00:00Z"));
    final String adminKey = UUID.randomUUID().toString();
    final Records records = new MemoryRecords(State.fresh(FACTORY));
    Credential root;
    Enrolments enrolments;
    OpenHandler open;
    RenewalHandler renewals;

    @BeforeEach
    void start() {
        root = CertificateAuthority.newRoot(FACTORY, KeyAlgorithm.ECDSA_P256, Duration.ofDays(90), clock, CHANCE);
        Credential endpoints = EndpointAuthority.newRoot("test", Duration.ofDays(90), clock, CHANCE);
        var vault = new Vault(root, endpoints, records, new Secret(adminKey));
        var issuer = new Issuer(
                new CertificateAuthority(FACTORY, root, clock, CHANCE),
                Duration.ofHours(24),
                vault.bundle(Duration.ofMinutes(5)),
                () -> ADDRESSES);
        enrolments = new Enrolments(records, issuer, LIMITS, clock, CHANCE);
        var pin = new EndpointAuthority(endpoints, clock, CHANCE).pin();
        open = new OpenHandler(FACTORY, issuer, enrolments, pin, vault.adminKey());
        renewals = new RenewalHandler(enrolments);
    }

    /// The answer as the server would send it, faults included.
    static Response sent(Handler handler, Caller caller, Request request) {
        try {
            return handler.handle(caller, request);
        } catch (Fault fault) {
            return Problem.of(fault).response(request);
        }
    }

    Response sent(Request request) {
        return sent(open, Caller.anonymous("127.0.0.1"), request);
    }

    static Request post(String path, String bearer, String body) {
        Request request = Request.of("POST", path).with(MediaTypes.JSON, Body.of(Blob.utf8(body)));
        return bearer.isEmpty() ? request : request.with("Authorization", "Bearer " + bearer);
    }

    Response wish(String body) {
        return sent(post("/x-gantry/v1/enrolment-tokens", adminKey, body));
    }

    static KeyPair pair() {
        return KeyAlgorithm.ECDSA_P256.generate(CHANCE);
    }

    static String csr(KeyPair pair) {
        return new CredentialRequest(CertificateRequest.create(pair)).write().text();
    }

    String secret() {
        return token(wish(WISH)).secret().reveal();
    }

    static EnrolmentToken token(Response response) {
        assertEquals(201, response.status(), () -> body(response).toString());
        return EnrolmentToken.read(text(response, "token"));
    }

    Response enrol(String secret, String body) {
        return sent(post("/x-gantry/v1/enrolments", secret, body));
    }

    Response renew(String identity, String body) {
        return sent(renewals, new Caller(Optional.of(identity), "127.0.0.1"), post("/x-gantry/v1/renewals", "", body));
    }

    static Tree.Obj body(Response response) {
        return (Tree.Obj) Json.read(response.body().whole(1 << 20));
    }

    static String text(Response response, String member) {
        return ((Tree.Str) body(response).get(member).orElseThrow()).value();
    }

    static IssuedCredential issued(Response response) {
        assertEquals(201, response.status(), () -> body(response).toString());
        return IssuedCredential.read(response.body().whole(1 << 20));
    }

    static void refused(int status, String type, Response response) {
        assertEquals(status, response.status(), () -> body(response).toString());
        assertEquals(type, text(response, "type"));
    }

    static String firstField(Response response) {
        assertEquals(422, response.status(), () -> body(response).toString());
        var errors = (Tree.Arr) body(response).get("errors").orElseThrow();
        return ((Tree.Str) ((Tree.Obj) errors.items().getFirst()).get("field").orElseThrow()).value();
    }
}
