// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http.svid;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.http.HttpServer;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.ServerTls;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.CertificateRequest;
import dev.gantry.identity.Credential;
import dev.gantry.identity.EndpointAuthority;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.Pem;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.CredentialRequest;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// As much of an identity service as its clients see, over real sockets, with keys made for the test.
public final class IdentityService implements AutoCloseable {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration HINT = Duration.ofMinutes(10);
    private static final String BUNDLE = "/.well-known/spiffe/bundle.json";

    private final TrustDomain domain = new TrustDomain("factory.example");
    private final MargoIdentity.Wfm wfm = new MargoIdentity.Wfm(domain, "wfm-1");
    private final SecureRandom chance = new SecureRandom();
    private final String secret = UUID.randomUUID().toString();
    private final List<String> bodies = new ArrayList<>();
    private final List<PublicKey> keys = new ArrayList<>();
    private final List<String> renewers = new ArrayList<>();
    private final InstantSource clock;
    private final EndpointAuthority endpoints;
    private final HttpServer open;
    private final HttpServer renewals;
    private Credential root;
    private TrustBundle bundle;
    private String issuedTo = "press-01";
    private boolean unavailable;

    public IdentityService(InstantSource clock) {
        this.clock = clock;
        root = freshRoot();
        bundle = TrustBundle.of(List.of(root.leaf()), BigInteger.ONE, HINT);
        endpoints = new EndpointAuthority(
                EndpointAuthority.newRoot("test", Duration.ofDays(1), clock, chance), clock, chance);
        Credential own = endpoints.issue(List.of("127.0.0.1"), Duration.ofDays(1));
        open = HttpServer.start(
                ListenerConfig.of("test enrolment", "127.0.0.1", 0).by(clock).over(ServerTls.open(() -> own)),
                this::handle);
        var check = new SvidCheck(domain, this::bundle, clock).anyone();
        renewals = HttpServer.start(
                ListenerConfig.of("test renewals", "127.0.0.1", 0)
                        .by(clock)
                        .over(ServerTls.mutual(() -> own, check::identify)),
                this::renew);
    }

    private Credential freshRoot() {
        return CertificateAuthority.newRoot(domain, KeyAlgorithm.ECDSA_P256, Duration.ofDays(30), clock, chance);
    }

    private URI at(HttpServer server, String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    public EnrolmentToken token() {
        return new EnrolmentToken(at(open, ""), domain, endpoints.pin(), new Secret(secret));
    }

    MargoIdentity.Client client() {
        return wfm.client("press-01");
    }

    public synchronized TrustBundle bundle() {
        return bundle;
    }

    /// The SVID of somebody else in this trust domain, a WFM for example.
    public synchronized Credential svid(MargoIdentity identity) {
        KeyPair pair = KeyAlgorithm.ECDSA_P256.generate(chance);
        return new Credential(
                pair.getPrivate(),
                new CertificateAuthority(domain, root, clock, chance).issue(identity, pair.getPublic(), LIFE));
    }

    public MargoIdentity.Wfm wfm(String id) {
        return new MargoIdentity.Wfm(domain, id);
    }

    synchronized List<String> bodies() {
        return List.copyOf(bodies);
    }

    synchronized List<PublicKey> keys() {
        return List.copyOf(keys);
    }

    synchronized List<String> renewers() {
        return List.copyOf(renewers);
    }

    synchronized void unavailable(boolean now) {
        unavailable = now;
    }

    synchronized void issueTo(String client) {
        issuedTo = client;
    }

    /// A new anchor beside the old one.
    synchronized void rotate() {
        Credential before = root;
        root = freshRoot();
        bundle = TrustBundle.of(List.of(before.leaf(), root.leaf()), BigInteger.TWO, HINT);
    }

    private synchronized Response handle(Caller caller, Request request) {
        if (request.method().equals("GET") && request.rawPath().equals(BUNDLE)) {
            String etag = "\"" + bundle.write().digest().hex() + "\"";
            return request.headers().get("If-None-Match").filter(etag::equals).isPresent()
                    ? Response.of(304, "ETag", etag)
                    : Response.of(200, "application/json", bundle.write()).with("ETag", etag);
        }
        boolean known = request.headers()
                .get("Authorization")
                .filter(("Bearer " + secret)::equals)
                .isPresent();
        if (!request.rawPath().equals("/x-gantry/v1/enrolments")) {
            return Problem.blank(404, "not here").response(request);
        }
        return known
                ? issued(request)
                : Problem.blank(401, "the token was spent").response(request);
    }

    private synchronized Response renew(Caller caller, Request request) {
        if (!request.rawPath().equals("/x-gantry/v1/renewals")) {
            return Problem.blank(404, "not here").response(request);
        }
        renewers.add(caller.identity().orElseThrow());
        Response answer = issued(request);
        if (!answer.isSuccess()) {
            renewers.clear();
        }
        return answer;
    }

    private Response issued(Request request) {
        Blob body = request.body().whole(CredentialRequest.BYTES);
        PublicKey key =
                CertificateRequest.read(CredentialRequest.read(body).csr()).key();
        bodies.add(body.text());
        keys.add(key);
        if (unavailable) {
            return Problem.blank(503, "later").response(request);
        }
        var identity = wfm.client(issuedTo);
        var chain = new CertificateAuthority(domain, root, clock, chance).issue(identity, key, LIFE);
        return Response.of(
                200,
                "application/json",
                Json.canonical(Tree.members()
                        .put("spiffeId", identity.spiffeId().value())
                        .put("chain", Pem.of(chain))
                        .put(
                                "expires",
                                chain.getFirst().getNotAfter().toInstant().toString())
                        .put("bundle", Json.read(bundle.write()))
                        .put("trustBundleUri", at(open, BUNDLE).toString())
                        .put("renewalUri", at(renewals, "/x-gantry/v1/renewals").toString())
                        .build()));
    }

    @Override
    public void close() {
        open.close();
        renewals.close();
    }
}
