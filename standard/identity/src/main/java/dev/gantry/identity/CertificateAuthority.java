// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/// Issues the X.509-SVIDs of one trust domain, exactly to the profile (ID-021 to ID-031, ID-104). What a
/// certificate says is decided here; of a request only the public key is used (ID-093).
public final class CertificateAuthority {
    private static final int ONLY_LEAVES = 0;
    private static final int TAG_BYTES = 4;

    private final TrustDomain domain;
    private final Credential authority;
    private final InstantSource clock;
    private final SecureRandom chance;

    /// @param authority a root, or an intermediate whose chain leads to one without it; the chain is presented
    ///     with each SVID as far as it is not self-signed (ID-027)
    /// @param chance for serial numbers
    public CertificateAuthority(TrustDomain domain, Credential authority, InstantSource clock, SecureRandom chance) {
        try {
            SvidProfile.checkAuthority(authority.leaf());
        } catch (SvidRefused e) {
            throw new Fault(Fault.Kind.INVALID, "not a certificate authority to the profile: " + e.getMessage(), e);
        }
        this.domain = domain;
        this.authority = authority;
        this.clock = clock;
        this.chance = chance;
    }

    /// A new self-signed root that issues leaves directly: its only URI name is the trust domain's id, without a
    /// path (ID-026).
    public static Credential newRoot(
            TrustDomain domain, KeyAlgorithm algorithm, Duration validity, InstantSource clock, SecureRandom chance) {
        KeyPair pair = algorithm.generate(chance);
        var tag = new byte[TAG_BYTES];
        chance.nextBytes(tag);
        X500Name name = CertificateWriter.commonName("root " + HexFormat.of().formatHex(tag) + " of " + domain);
        var signer = new CertificateWriter.Signer(
                pair.getPrivate(), pair.getPublic(), name, clock.instant().plus(validity));
        X509Certificate root = new CertificateWriter(pair.getPublic(), name)
                .authority(ONLY_LEAVES)
                .names(uri(domain.id()))
                .sign(signer, clock.instant(), validity, chance);
        return new Credential(pair.getPrivate(), List.of(root));
    }

    /// The SVID of an identity: its chain, to be presented as it is. The key must be one of the profile; an
    /// identity of another trust domain is `REFUSED` (ID-068).
    public List<X509Certificate> issue(MargoIdentity identity, PublicKey key, Duration validity) {
        if (!identity.trustDomain().equals(domain)) {
            throw new Fault(
                    Fault.Kind.REFUSED, identity.spiffeId() + " is not of the trust domain " + domain + " (ID-068)");
        }
        KeyAlgorithm.of(key);
        String name = switch (identity) {
            case MargoIdentity.Wfm wfm -> "wfm " + wfm.wfmId();
            case MargoIdentity.Client client -> "wfm client " + client.clientId();
        };
        X509Certificate leaf = new CertificateWriter(key, CertificateWriter.commonName(name))
                .endEntity(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)
                .names(uri(identity.spiffeId()))
                .sign(CertificateWriter.Signer.of(authority), clock.instant(), validity, chance);
        return withIntermediates(leaf, authority.chain());
    }

    static List<X509Certificate> withIntermediates(X509Certificate leaf, List<X509Certificate> authorities) {
        var chain = new java.util.ArrayList<X509Certificate>();
        chain.add(leaf);
        authorities.stream()
                .filter(certificate ->
                        !certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .forEach(chain::add);
        return List.copyOf(chain);
    }

    private static GeneralName uri(SpiffeId id) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, id.value());
    }

    public TrustDomain trustDomain() {
        return domain;
    }
}
