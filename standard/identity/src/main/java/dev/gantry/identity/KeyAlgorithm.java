// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/// The kinds of keys that the profile knows, each with the signatures that a certificate made by it may carry
/// (section 4 of the identity digest: ID-028 to ID-032). There is no other curve and no shorter RSA key.
public enum KeyAlgorithm {
    /// P-256 with SHA-256: mandatory everywhere, and the default.
    ECDSA_P256,
    /// P-384 with SHA-384.
    ECDSA_P384,
    /// Ed25519 of RFC 8032.
    ED25519,
    /// RSA of at least [#RSA_LEAST] bits with SHA-256.
    RSA;

    /// The shortest RSA modulus that is accepted, and the one that is generated, in bits.
    public static final int RSA_LEAST = 3072;

    /// The longest RSA modulus that is accepted, in bits: what lies above only costs the verifier time.
    public static final int RSA_MOST = 8192;

    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    private static final String ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    private static final String PURE_ED25519 = "1.3.101.112";
    private static final String RSA_SHA256 = "1.2.840.113549.1.1.11";
    private static final String RSA_PSS = "1.2.840.113549.1.1.10";

    /// A fresh key pair.
    ///
    /// @param chance a well-seeded generator (ID-033)
    public KeyPair generate(SecureRandom chance) {
        try {
            return switch (this) {
                case ECDSA_P256 ->
                    generator("EC", new ECGenParameterSpec("secp256r1"), chance).generateKeyPair();
                case ECDSA_P384 ->
                    generator("EC", new ECGenParameterSpec("secp384r1"), chance).generateKeyPair();
                case ED25519 ->
                    generator("Ed25519", NamedParameterSpec.ED25519, chance).generateKeyPair();
                case RSA -> {
                    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                    rsa.initialize(RSA_LEAST, chance);
                    yield rsa.generateKeyPair();
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot make " + this + " keys", e);
        }
    }

    private static KeyPairGenerator generator(
            String name, java.security.spec.AlgorithmParameterSpec parameters, SecureRandom chance)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(name);
        generator.initialize(parameters, chance);
        return generator;
    }

    /// The kind of a key; a key that the profile does not allow is `INVALID`, with the rule's id.
    public static KeyAlgorithm of(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec when sameCurve(ec.getParams(), "secp256r1") -> ECDSA_P256;
            case ECPublicKey ec when sameCurve(ec.getParams(), "secp384r1") -> ECDSA_P384;
            case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") -> ED25519;
            case RSAPublicKey rsa -> ofRsa(rsa.getModulus().bitLength());
            case ECPublicKey _ -> throw Fault.invalid("ID-029: an ECDSA key is on P-256 or P-384, this one is not");
            case EdECPublicKey _ -> throw Fault.invalid("ID-030: an EdDSA key is Ed25519, this one is not");
            default ->
                throw Fault.invalid("ID-029: a key of the kind " + Text.quoted(key.getAlgorithm())
                        + " is none of ECDSA P-256 or P-384, Ed25519, RSA");
        };
    }

    private static KeyAlgorithm ofRsa(int bits) {
        if (bits < RSA_LEAST || bits > RSA_MOST) {
            throw Fault.invalid(
                    "ID-031: an RSA key has " + RSA_LEAST + " to " + RSA_MOST + " bits, this one has " + bits);
        }
        return RSA;
    }

    private static boolean sameCurve(@Nullable ECParameterSpec parameters, String name) {
        if (parameters == null) {
            return false;
        }
        try {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(name));
            ECParameterSpec expected = named.getParameterSpec(ECParameterSpec.class);
            return parameters.getCurve().equals(expected.getCurve())
                    && parameters.getGenerator().equals(expected.getGenerator())
                    && parameters.getOrder().equals(expected.getOrder())
                    && parameters.getCofactor() == expected.getCofactor();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform does not know " + name, e);
        }
    }

    /// Whether a key of this kind may have signed a certificate the way it is signed: curves go with their own
    /// hash, RSA with SHA-256 in both paddings (ID-032).
    boolean maySign(X509Certificate certificate) {
        String signature = certificate.getSigAlgOID();
        return switch (this) {
            case ECDSA_P256 -> signature.equals(ECDSA_SHA256);
            case ECDSA_P384 -> signature.equals(ECDSA_SHA384);
            case ED25519 -> signature.equals(PURE_ED25519);
            case RSA ->
                signature.equals(RSA_SHA256) || signature.equals(RSA_PSS) && isSha256(certificate.getSigAlgParams());
        };
    }

    private static boolean isSha256(byte @Nullable [] pssParameters) {
        if (pssParameters == null) {
            return false;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(pssParameters);
            PSSParameterSpec spec = parameters.getParameterSpec(PSSParameterSpec.class);
            return spec.getDigestAlgorithm().equals("SHA-256")
                    && spec.getMGFParameters() instanceof MGF1ParameterSpec mask
                    && mask.getDigestAlgorithm().equals("SHA-256");
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }
}
