// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.List;
import java.util.Optional;

/// Who a SPIFFE ID names in the WFM Identity Profile: a WFM, or a client of one (ID-007, ID-015). Nothing further
/// is read out of the segments (ID-019).
public sealed interface MargoIdentity {
    TrustDomain trustDomain();

    /// The segment that names the WFM, in its own id and in those of its clients.
    String wfmId();

    SpiffeId spiffeId();

    /// `spiffe://<trust-domain>/margo/wfm/<wfm-id>`
    record Wfm(TrustDomain trustDomain, String wfmId) implements MargoIdentity {
        public Wfm {
            check("wfm-id", wfmId);
        }

        @Override
        public SpiffeId spiffeId() {
            return new SpiffeId(trustDomain.id() + "/margo/wfm/" + wfmId);
        }

        /// A client in the namespace of this WFM.
        public Client client(String clientId) {
            return new Client(trustDomain, wfmId, clientId);
        }
    }

    /// `spiffe://<trust-domain>/margo/wfm/<wfm-id>/client/<wfm-client-id>`
    record Client(TrustDomain trustDomain, String wfmId, String clientId) implements MargoIdentity {
        public Client {
            check("wfm-id", wfmId);
            check("wfm-client-id", clientId);
        }

        @Override
        public SpiffeId spiffeId() {
            return new SpiffeId(wfm().spiffeId() + "/client/" + clientId);
        }

        /// The WFM whose namespace this client is in: the only one that it talks to (ID-086).
        public Wfm wfm() {
            return new Wfm(trustDomain, wfmId);
        }
    }

    /// The identity that an id names, if it has one of the two forms exactly.
    static Optional<MargoIdentity> of(SpiffeId id) {
        List<String> path = id.path();
        int size = path.size();
        if (size < 3 || !path.get(0).equals("margo") || !path.get(1).equals("wfm")) {
            return Optional.empty();
        }
        if (size == 3) {
            return Optional.of(new Wfm(id.trustDomain(), path.get(2)));
        }
        return size == 5 && path.get(3).equals("client")
                ? Optional.of(new Client(id.trustDomain(), path.get(2), path.get(4)))
                : Optional.empty();
    }

    private static void check(String name, String segment) {
        if (!SpiffeId.isSegment(segment)) {
            throw Fault.invalid(Text.quoted(segment) + " is not a " + name
                    + " (letters, digits, '.', '-', '_'; neither '.' nor '..')");
        }
    }
}
