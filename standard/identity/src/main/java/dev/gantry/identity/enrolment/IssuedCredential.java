// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity.enrolment;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import dev.gantry.identity.Discovery;
import dev.gantry.identity.Pem;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.TrustDomain;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The answer to an enrolment or a renewal: the SVID and what to check the other side with.
///
/// ```json
/// {"spiffeId": "spiffe://…", "chain": "-----BEGIN CERTIFICATE-----…", "expires": "2026-01-02T00:00:00Z",
///  "bundle": {"keys": […]}, "trustBundleUri": "https://…/.well-known/spiffe/bundle.json",
///  "renewalUri": "https://…/x-gantry/v1/renewals"}
/// ```
///
/// @param chain leaf first, then every intermediate
/// @param bundle the trust bundle, with the bytes to cache
/// @param trustBundleUri where it is refreshed from
/// @param renewalUri where the next SVID is asked for, presenting this one; its holder keeps it for after a
///     restart
public record IssuedCredential(
        SpiffeId spiffeId, List<X509Certificate> chain, Read<TrustBundle> bundle, URI trustBundleUri, URI renewalUri) {
    public IssuedCredential {
        chain = List.copyOf(chain);
    }

    /// Reads an answer, as far as its syntax goes; trust it after [#verified].
    public static IssuedCredential read(Blob source) {
        return Fields.read("issued credential", Json.read(source), fields -> {
            var id = fields.need("spiffeId", "", SpiffeId::new);
            var chain = fields.need("chain", "", Pem::certificates);
            var bundle = fields.needObject("bundle", "").map(member -> TrustBundle.read(Json.canonical(member.tree())));
            var uri = fields.need("trustBundleUri", "ID-070", IssuedCredential::uri);
            var renewal = fields.need("renewalUri", "", IssuedCredential::uri);
            return () -> new IssuedCredential(
                    id.orElseThrow(),
                    chain.orElseThrow(),
                    bundle.orElseThrow(),
                    uri.orElseThrow(),
                    renewal.orElseThrow());
        });
    }

    private static URI uri(String text) {
        try {
            return new Discovery(new TrustDomain("none"), new URI(text)).trustBundleUri();
        } catch (URISyntaxException e) {
            throw new Fault(Fault.Kind.INVALID, "not a URL", e);
        }
    }

    /// Refuses an answer whose SVID does not hold under its own bundle, is of another trust domain than expected,
    /// or does not say what the answer says.
    public IssuedCredential verified(TrustDomain expected, InstantSource clock) {
        var check = new SvidCheck(expected, bundle::value, clock, SvidCheck.MOST_SKEW);
        return switch (check.check(chain)) {
            case SvidCheck.Refused(var rule, var reason) ->
                throw Fault.invalid("the issued SVID does not hold: " + rule + ": " + reason);
            case SvidCheck.Accepted(var id, var _)
            when !id.equals(spiffeId) ->
                throw Fault.invalid("the issued SVID is of " + id + ", the answer says " + spiffeId);
            case SvidCheck.Accepted _ -> this;
        };
    }

    /// When the SVID ends.
    public Instant expires() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    public Blob write() {
        return Json.canonical(Tree.members()
                .put("spiffeId", spiffeId.value())
                .put("chain", Pem.of(chain))
                .put("expires", expires().toString())
                .put("bundle", Json.read(bundle.source()))
                .put("trustBundleUri", trustBundleUri.toString())
                .put("renewalUri", renewalUri.toString())
                .build());
    }
}
