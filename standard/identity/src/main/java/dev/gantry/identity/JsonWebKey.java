// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// Public keys as the members of a JSON Web Key (RFC 7517, RFC 7518 section 6, RFC 8037).
final class JsonWebKey {
    private static final int P256_BYTES = 32;
    private static final int P384_BYTES = 48;

    private JsonWebKey() {}

    /// `kty` and the members that go with it; a key outside the profile is `INVALID`.
    static SequencedMap<String, Tree> members(PublicKey key) {
        return switch (KeyAlgorithm.of(key)) {
            case ECDSA_P256 -> curve((ECPublicKey) key, "P-256", P256_BYTES);
            case ECDSA_P384 -> curve((ECPublicKey) key, "P-384", P384_BYTES);
            case ED25519 -> {
                byte[] point = SubjectPublicKeyInfo.getInstance(key.getEncoded())
                        .getPublicKeyData()
                        .getBytes();
                yield members("kty", Tree.of("OKP"), "crv", Tree.of("Ed25519"), "x", base64(point));
            }
            case RSA -> {
                var rsa = (RSAPublicKey) key;
                BigInteger modulus = rsa.getModulus();
                yield members(
                        "kty",
                        Tree.of("RSA"),
                        "n",
                        base64(fixed(modulus, (modulus.bitLength() + 7) / 8)),
                        "e",
                        base64(fixed(
                                rsa.getPublicExponent(),
                                (rsa.getPublicExponent().bitLength() + 7) / 8)));
            }
        };
    }

    private static SequencedMap<String, Tree> curve(ECPublicKey key, String name, int bytes) {
        SequencedMap<String, Tree> members = members(
                "kty",
                Tree.of("EC"),
                "crv",
                Tree.of(name),
                "x",
                base64(fixed(key.getW().getAffineX(), bytes)));
        members.put("y", base64(fixed(key.getW().getAffineY(), bytes)));
        return members;
    }

    private static SequencedMap<String, Tree> members(String a, Tree one, String b, Tree two, String c, Tree three) {
        var members = new LinkedHashMap<String, Tree>();
        members.put(a, one);
        members.put(b, two);
        members.put(c, three);
        return members;
    }

    private static Tree base64(byte[] bytes) {
        return Tree.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// The number in big-endian bytes, exactly this many.
    private static byte[] fixed(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        int extra = bytes.length - length;
        if (extra > 0) {
            return Arrays.copyOfRange(bytes, extra, bytes.length);
        }
        var padded = new byte[length];
        System.arraycopy(bytes, 0, padded, -extra, bytes.length);
        return padded;
    }

    /// Refuses an entry whose members are not those of the key in its certificate (B-14).
    static void checkEqual(Tree.Obj entry, PublicKey key) {
        members(key).forEach((name, expected) -> {
            if (!entry.get(name).map(expected::equals).orElse(false)) {
                throw Fault.invalid("its member " + name + " is not that of the certificate's key");
            }
        });
    }
}
