// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.identity.Credential;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority that lives as long as a test.
final class Authority {
    private final KeyPair key = ec();
    final X509Certificate certificate = sign(key, GeneralName.uniformResourceIdentifier, null, now(-60), now(3600));

    private static Instant now(long seconds) {
        return Instant.now().plusSeconds(seconds);
    }

    Credential spiffe(String id) {
        return issue(GeneralName.uniformResourceIdentifier, id, now(-60), now(1800));
    }

    Credential expired(String id) {
        return issue(GeneralName.uniformResourceIdentifier, id, now(-60), now(-30));
    }

    Credential endingIn(Duration time, String id) {
        return issue(
                GeneralName.uniformResourceIdentifier,
                id,
                now(-60),
                Instant.now().plus(time));
    }

    Credential host(String name) {
        return issue(GeneralName.dNSName, name, now(-60), now(1800));
    }

    Credential address(String ip) {
        return issue(GeneralName.iPAddress, ip, now(-60), now(1800));
    }

    private Credential issue(int kind, String name, Instant from, Instant to) {
        KeyPair pair = ec();
        return new Credential(pair.getPrivate(), List.of(sign(pair, kind, name, from, to), certificate));
    }

    /// Accepts what this authority has signed and what is valid now; the identity is the URI in it.
    PeerCheck check() {
        return presented -> {
            X509Certificate leaf = presented.getFirst();
            leaf.checkValidity();
            try {
                leaf.verify(key.getPublic());
            } catch (GeneralSecurityException e) {
                throw new CertificateException("not signed by this authority", e);
            }
            return String.valueOf(
                    leaf.getSubjectAlternativeNames().iterator().next().get(1));
        };
    }

    private X509Certificate sign(KeyPair pair, int kind, String name, Instant from, Instant to) {
        boolean root = name == null;
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=test authority"),
                new BigInteger(64, ThreadLocalRandom.current()).add(BigInteger.ONE),
                Date.from(from),
                Date.from(to),
                new X500Name(root ? "CN=test authority" : "CN=test"),
                pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(root));
            if (root) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            } else {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, name)));
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (IOException | OperatorCreationException | CertificateException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair ec() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
