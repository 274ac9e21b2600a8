// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Read;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.enrolment.IssuedCredential;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Makes the answers to enrolments and renewals.
///
/// @param validity of an SVID
/// @param addresses asked for each answer, as ports are known only when the listeners are there
record Issuer(
        CertificateAuthority authority, Duration validity, Read<TrustBundle> bundle, Supplier<Addresses> addresses) {
    IssuedCredential issue(MargoIdentity identity, PublicKey key) {
        return answer(identity, authority.issue(identity, key, validity));
    }

    IssuedCredential answer(MargoIdentity identity, List<X509Certificate> chain) {
        Addresses at = addresses.get();
        return new IssuedCredential(identity.spiffeId(), chain, bundle, at.bundle(), at.renewals());
    }
}
