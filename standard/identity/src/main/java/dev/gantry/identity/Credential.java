// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key and the certificates that speak for it: the leaf first, then every intermediate that is needed
/// to reach an anchor (ID-027). An X.509-SVID is one; the certificate of an HTTPS endpoint is another.
public record Credential(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] PROBE = {'g', 'a', 'n', 't', 'r', 'y'};

    public Credential {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw Fault.invalid("a credential needs a certificate");
        }
    }

    /// A credential from PEM texts, which may be one and the same; `INVALID` when the key is not that of the
    /// leaf.
    public static Credential read(String keyPem, String chainPem) {
        var credential = new Credential(Pem.privateKey(keyPem), Pem.certificates(chainPem));
        if (!belong(credential.key, credential.leaf().getPublicKey())) {
            throw Fault.invalid("the private key does not belong to the certificate of "
                    + credential.leaf().getSubjectX500Principal());
        }
        return credential;
    }

    /// Key and chain in one text, so that one rename replaces both; for files that only their owner can read
    /// (ID-100).
    public String toPem() {
        return Pem.of(key) + Pem.of(chain);
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /// Whether two halves are of one key pair, shown by a signature.
    static boolean belong(PrivateKey key, PublicKey other) {
        try {
            Signature signature = Signature.getInstance(
                    switch (KeyAlgorithm.of(other)) {
                        case ECDSA_P256, ECDSA_P384 -> "SHA256withECDSA";
                        case ED25519 -> "Ed25519";
                        case RSA -> "SHA256withRSA";
                    });
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /// Never shows the key.
    @Override
    public String toString() {
        return "credential of " + leaf().getSubjectX500Principal();
    }
}
