// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// Public keys as PEM; kept beside a private key whose certificate has not come yet.
final class PublicPem {
    private static final String LABEL = "PUBLIC KEY";

    private PublicPem() {}

    static String of(PublicKey key) {
        return Pem.block(LABEL, key.getEncoded());
    }

    static PublicKey read(String text) {
        byte[] der = Pem.only(text, LABEL);
        try {
            String family = switch (SubjectPublicKeyInfo.getInstance(der)
                    .getAlgorithm()
                    .getAlgorithm()
                    .getId()) {
                case "1.2.840.10045.2.1" -> "EC";
                case "1.3.101.112" -> "Ed25519";
                default -> "RSA";
            };
            return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Fault(Fault.Kind.INVALID, "the public key cannot be read", e);
        }
    }
}
