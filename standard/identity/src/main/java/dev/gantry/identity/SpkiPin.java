// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// The pin of a key as RFC 7469 section 2.4 writes it: base64 of the SHA-256 of the DER SubjectPublicKeyInfo
/// (ID-060). It stands in for an anchor when the trust endpoints are reached for the first time, and ever after.
public record SpkiPin(String value) {
    private static final int HASH_BYTES = 32;

    public SpkiPin {
        if (!isPin(value)) {
            throw Fault.invalid(Text.quoted(value) + " is not a key pin (base64 of 32 bytes)");
        }
    }

    private static boolean isPin(String value) {
        try {
            byte[] hash = Base64.getDecoder().decode(value);
            return hash.length == HASH_BYTES
                    && Base64.getEncoder().encodeToString(hash).equals(value);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    public static SpkiPin of(PublicKey key) {
        return new SpkiPin(Base64.getEncoder().encodeToString(Digest.sha256().digest(key.getEncoded())));
    }

    public static SpkiPin of(X509Certificate certificate) {
        return of(certificate.getPublicKey());
    }

    @Override
    public String toString() {
        return value;
    }
}
