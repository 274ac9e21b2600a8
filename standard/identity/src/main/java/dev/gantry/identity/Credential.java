// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key and the certificates that speak for it: the leaf first, then every intermediate that is needed to
/// reach an anchor (ID-027). An X.509-SVID is one; the certificate of an HTTPS endpoint is another.
public record Credential(PrivateKey key, List<X509Certificate> chain) {
    public Credential {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw Fault.invalid("a credential needs a certificate");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /// Never shows the key.
    @Override
    public String toString() {
        return "credential of " + leaf().getSubjectX500Principal();
    }
}
