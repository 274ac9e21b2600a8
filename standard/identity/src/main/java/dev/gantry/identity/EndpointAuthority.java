// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.util.IPAddress;

/// Certificates of HTTPS endpoints that are no SVIDs: the trust endpoints, enrolment, the operator API (ID-064).
/// They hang under a root of their own whose key is what clients pin, so that neither a renewed server
/// certificate nor a rotated SVID anchor changes the pin (ID-062). The root is sent along, because a pin can only
/// match what is presented (ID-060).
public final class EndpointAuthority {
    private static final int ONLY_LEAVES = 0;
    private static final Pattern DNS = Pattern.compile("(?!-)[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*");

    private final Credential root;
    private final InstantSource clock;
    private final SecureRandom chance;

    public EndpointAuthority(Credential root, InstantSource clock, SecureRandom chance) {
        this.root = root;
        this.clock = clock;
        this.chance = chance;
    }

    /// A new root, ECDSA P-256.
    ///
    /// @param label stands in its subject, for people who look at certificates
    public static Credential newRoot(String label, Duration validity, InstantSource clock, SecureRandom chance) {
        KeyPair pair = KeyAlgorithm.ECDSA_P256.generate(chance);
        X500Name name = CertificateWriter.commonName("endpoint root " + label);
        var signer = new CertificateWriter.Signer(
                pair.getPrivate(), pair.getPublic(), name, clock.instant().plus(validity));
        X509Certificate certificate = new CertificateWriter(pair.getPublic(), name)
                .authority(ONLY_LEAVES)
                .sign(signer, clock.instant(), validity, chance);
        return new Credential(pair.getPrivate(), List.of(certificate));
    }

    /// What clients pin.
    public SpkiPin pin() {
        return SpkiPin.of(root.leaf());
    }

    /// A server credential with a fresh key for these host names and IP addresses.
    public Credential issue(Collection<String> hosts, Duration validity) {
        if (hosts.isEmpty()) {
            throw Fault.invalid("a server certificate needs a host name or an address");
        }
        KeyPair pair = KeyAlgorithm.ECDSA_P256.generate(chance);
        GeneralName[] names = hosts.stream().map(EndpointAuthority::name).toArray(GeneralName[]::new);
        X509Certificate leaf = new CertificateWriter(
                        pair.getPublic(),
                        CertificateWriter.commonName(hosts.iterator().next()))
                .endEntity(KeyPurposeId.id_kp_serverAuth)
                .names(names)
                .sign(CertificateWriter.Signer.of(root), clock.instant(), validity, chance);
        return new Credential(pair.getPrivate(), List.of(leaf, root.leaf()));
    }

    private static GeneralName name(String host) {
        if (IPAddress.isValid(host)) {
            return new GeneralName(GeneralName.iPAddress, host);
        }
        if (!DNS.matcher(host).matches()) {
            throw Fault.invalid(Text.quoted(host) + " is neither a host name nor an IP address");
        }
        return new GeneralName(GeneralName.dNSName, host);
    }
}
