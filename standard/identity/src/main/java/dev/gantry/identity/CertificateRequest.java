// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A PKCS#10 request: a public key whose owner has shown that it holds the private half. Its subject and its
/// extensions are ignored, because the issuer decides what the certificate says (ID-093).
public record CertificateRequest(PublicKey key) {
    /// Longer requests are refused unread, in characters of PEM; an RSA key of the greatest size fits.
    public static final int PEM_LENGTH = 16_384;

    public CertificateRequest {
        KeyAlgorithm.of(key);
    }

    /// A request for a key pair, in PEM; it names nobody.
    public static String create(KeyPair pair) {
        var request = new JcaPKCS10CertificationRequestBuilder(
                        new X500Name(new org.bouncycastle.asn1.x500.RDN[0]), pair.getPublic())
                .build(CertificateWriter.signature(pair.getPublic(), pair.getPrivate()));
        try {
            return Pem.block(Pem.REQUEST, request.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a certificate request cannot be encoded", e);
        }
    }

    /// Reads a request; a malformed one, a key outside the profile, or a signature that does not show possession
    /// of the private key is `INVALID`.
    public static CertificateRequest read(String pem) {
        if (pem.length() > PEM_LENGTH) {
            throw Fault.invalid("a certificate request has at most " + PEM_LENGTH + " characters");
        }
        try {
            var request = new JcaPKCS10CertificationRequest(Pem.only(pem, Pem.REQUEST));
            var result = new CertificateRequest(request.getPublicKey());
            var verifier = new JcaContentVerifierProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(result.key);
            if (!request.isSignatureValid(verifier)) {
                throw Fault.invalid("the certificate request is not signed with its own key");
            }
            return result;
        } catch (IOException
                | InvalidKeyException
                | NoSuchAlgorithmException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            // The last three are how the ASN.1 library refuses structures that are not a request.
            throw new Fault(Fault.Kind.INVALID, "not a PKCS#10 certificate request", e);
        }
    }
}
