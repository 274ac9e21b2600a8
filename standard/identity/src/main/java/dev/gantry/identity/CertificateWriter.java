// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Writes one certificate, extension by extension, and signs it.
final class CertificateWriter {
    /// How far the start of validity lies before the present, so that a peer whose clock is a little behind
    /// accepts it.
    static final Duration BACKDATED = Duration.ofSeconds(60);

    private static final int SERIAL_BITS = 127;
    private static final int COMMON_NAME = 64;

    private final PublicKey subjectKey;
    private final X500Name subject;
    private final List<Entry> extensions = new ArrayList<>();

    private record Entry(
            org.bouncycastle.asn1.ASN1ObjectIdentifier oid,
            boolean critical,
            org.bouncycastle.asn1.ASN1Encodable value) {}

    /// Who signs: its key, its certificate's subject and public key, and when that ends.
    record Signer(PrivateKey key, PublicKey publicKey, X500Name name, Instant until) {
        static Signer of(Credential authority) {
            X509Certificate certificate = authority.leaf();
            return new Signer(
                    authority.key(),
                    certificate.getPublicKey(),
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                    certificate.getNotAfter().toInstant());
        }
    }

    CertificateWriter(PublicKey subjectKey, X500Name subject) {
        this.subjectKey = subjectKey;
        this.subject = subject;
    }

    /// A subject of one common name, cut to the 64 characters that X.520 allows.
    static X500Name commonName(String text) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, text.substring(0, Math.min(COMMON_NAME, text.length())))
                .build();
    }

    CertificateWriter authority(int pathLength) {
        return add(Extension.basicConstraints, true, new BasicConstraints(pathLength))
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    CertificateWriter endEntity(KeyPurposeId... purposes) {
        return add(Extension.basicConstraints, true, new BasicConstraints(false))
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    CertificateWriter names(GeneralName... names) {
        return add(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    private CertificateWriter add(
            org.bouncycastle.asn1.ASN1ObjectIdentifier oid,
            boolean critical,
            org.bouncycastle.asn1.ASN1Encodable value) {
        extensions.add(new Entry(oid, critical, value));
        return this;
    }

    /// The certificate, valid from a little before `now` and never longer than its signer.
    X509Certificate sign(Signer signer, Instant now, Duration validity, SecureRandom chance) {
        Instant end = now.plus(validity).truncatedTo(ChronoUnit.SECONDS);
        Instant until = end.isAfter(signer.until) ? signer.until : end;
        SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded());
        var builder = new X509v3CertificateBuilder(
                signer.name,
                serial(chance),
                Date.from(now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS)),
                Date.from(until),
                subject,
                key);
        try {
            for (Entry entry : extensions) {
                builder.addExtension(entry.oid, entry.critical, entry.value);
            }
            var identifiers = new BcX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(
                            SubjectPublicKeyInfo.getInstance(signer.publicKey.getEncoded())));
            return Pem.certificate(
                    builder.build(signature(signer.publicKey, signer.key)).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a certificate cannot be encoded", e);
        }
    }

    private static BigInteger serial(SecureRandom chance) {
        return new BigInteger(SERIAL_BITS, chance).setBit(SERIAL_BITS);
    }

    /// The signature that goes with a key: RSA signs with PSS, as the profile recommends (ID-031).
    static ContentSigner signature(PublicKey publicKey, PrivateKey key) {
        try {
            return switch (KeyAlgorithm.of(publicKey)) {
                case ECDSA_P256 -> new JcaContentSignerBuilder("SHA256withECDSA").build(key);
                case ECDSA_P384 -> new JcaContentSignerBuilder("SHA384withECDSA").build(key);
                case ED25519 -> new JcaContentSignerBuilder("Ed25519").build(key);
                case RSA ->
                    new JcaContentSignerBuilder("SHA256withRSAandMGF1")
                            .setProvider(new BouncyCastleProvider())
                            .build(key);
            };
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("the key cannot sign", e);
        }
    }
}
