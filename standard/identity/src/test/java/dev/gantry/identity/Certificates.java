// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// Makes certificates that are right unless told otherwise, one knob per rule. Independent of the product's own
/// issuer, so that a mistake made there is not repeated here.
final class Certificates {
    static final Instant NOW = Instant.parse("2026-02-01T12:00:00Z");
    static final TrustDomain FACTORY = new TrustDomain("factory.example");
    static final MargoIdentity.Wfm WFM = new MargoIdentity.Wfm(FACTORY, "plant-a");
    static final MargoIdentity.Client CLIENT = WFM.client("press-07");
    static final SecureRandom CHANCE = new SecureRandom();

    private final Map<ASN1ObjectIdentifier, Extension> extensions = new LinkedHashMap<>();
    private X500Name subject;
    private KeyPair pair;
    private Instant from = NOW.minusSeconds(3600);
    private Instant until = NOW.plusSeconds(3600);
    private @Nullable String signature;

    private Certificates(X500Name subject) {
        this.subject = subject;
        this.pair = KeyAlgorithm.ECDSA_P256.generate(CHANCE);
    }

    /// A leaf to the profile.
    static Certificates leaf(String... uris) {
        var maker = new Certificates(new X500Name("CN=leaf"));
        maker.basicConstraints(new BasicConstraints(false)).keyUsage(true, KeyUsage.digitalSignature);
        maker.purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
        return maker.uris(uris);
    }

    /// An authority to the profile.
    static Certificates authority(String name) {
        var maker = new Certificates(new X500Name("CN=" + name));
        return maker.basicConstraints(new BasicConstraints(true))
                .keyUsage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    Certificates uris(String... uris) {
        var names = new ArrayList<GeneralName>();
        for (String uri : uris) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        }
        return names(false, names);
    }

    Certificates names(boolean critical, List<GeneralName> names) {
        return names.isEmpty()
                ? without(Extension.subjectAlternativeName)
                : with(Extension.subjectAlternativeName, critical, new GeneralNames(names.toArray(GeneralName[]::new)));
    }

    Certificates basicConstraints(BasicConstraints constraints) {
        return with(Extension.basicConstraints, true, constraints);
    }

    Certificates keyUsage(boolean critical, int bits) {
        return with(Extension.keyUsage, critical, new KeyUsage(bits));
    }

    Certificates purposes(KeyPurposeId... purposes) {
        return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    Certificates with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        try {
            extensions.put(
                    oid, new Extension(oid, critical, value.toASN1Primitive().getEncoded()));
            return this;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    Certificates without(ASN1ObjectIdentifier oid) {
        extensions.remove(oid);
        return this;
    }

    Certificates emptySubject() {
        subject = new X500Name(new RDN[0]);
        return this;
    }

    Certificates key(KeyPair other) {
        pair = other;
        return this;
    }

    Certificates valid(Instant start, Instant end) {
        from = start;
        until = end;
        return this;
    }

    /// Another signature than the one that goes with the signer's key.
    Certificates signedAs(String algorithm) {
        signature = algorithm;
        return this;
    }

    /// Self-signed.
    Credential root() {
        return new Credential(pair.getPrivate(), List.of(sign(subject, pair.getPrivate())));
    }

    /// Signed by an authority; the chain is the leaf and the authority's certificates that are not self-signed.
    Credential by(Credential authority) {
        var issuer =
                X500Name.getInstance(authority.leaf().getSubjectX500Principal().getEncoded());
        return new Credential(
                pair.getPrivate(),
                CertificateAuthority.withIntermediates(sign(issuer, authority.key()), authority.chain()));
    }

    private X509Certificate sign(X500Name issuer, PrivateKey key) {
        try {
            var builder = new X509v3CertificateBuilder(
                    issuer,
                    new BigInteger(100, CHANCE).add(BigInteger.ONE),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            for (Extension extension : extensions.values()) {
                builder.addExtension(extension);
            }
            String algorithm = signature != null
                    ? signature
                    : switch (key.getAlgorithm()) {
                        case "EC" ->
                            ((java.security.interfaces.ECKey) key)
                                                    .getParams()
                                                    .getOrder()
                                                    .bitLength()
                                            > 256
                                    ? "SHA384withECDSA"
                                    : "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> "Ed25519";
                    };
            var signer = new JcaContentSignerBuilder(algorithm)
                    .setProvider(new BouncyCastleProvider())
                    .build(key);
            return Pem.certificate(builder.build(signer).getEncoded());
        } catch (org.bouncycastle.operator.OperatorCreationException | java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair pair(String algorithm, java.security.spec.AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters, CHANCE);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
