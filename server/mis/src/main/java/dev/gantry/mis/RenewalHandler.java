// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Fault;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.PeerRule;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.SvidCheck;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/// Renewals, on the listener where mutual TLS has proven who asks.
final class RenewalHandler implements Handler {
    private final Enrolments enrolments;

    RenewalHandler(Enrolments enrolments) {
        this.enrolments = enrolments;
    }

    /// Who may connect: the present holders of identities that enrolled here. Asked inside the handshake.
    static PeerRule holders(SvidCheck check, Enrolments enrolments) {
        return presented -> holder(check.anyone().identify(presented), presented, enrolments);
    }

    private static String holder(String id, List<X509Certificate> presented, Enrolments enrolments)
            throws CertificateException {
        if (!enrolments.mayRenew(new SpiffeId(id), SpkiPin.of(presented.getFirst()))) {
            throw new CertificateException(
                    id + " is not enrolled with this key: another device has enrolled as it since");
        }
        return id;
    }

    @Override
    public Response handle(Caller caller, Request request) {
        if (!request.rawPath().equals(Addresses.RENEWALS)) {
            return Calls.nothing(request);
        }
        MargoIdentity identity = caller.identity()
                .flatMap(id -> MargoIdentity.of(new SpiffeId(id)))
                .orElseThrow(() -> new Fault(Fault.Kind.REFUSED, "the SVID names no WFM and no client"));
        return Calls.posted(
                request, body -> Calls.answer(enrolments.renew(identity, Calls.certificateRequest(body)), request));
    }
}
