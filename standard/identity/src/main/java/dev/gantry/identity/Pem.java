// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The textual form of certificates, keys and certificate requests (RFC 7468). Text between the blocks is
/// ignored; a block that cannot be decoded is `INVALID`, never skipped.
public final class Pem {
    /// More certificates than this in one chain are refused.
    public static final int CERTIFICATES = 10;

    static final String CERTIFICATE = "CERTIFICATE";
    static final String REQUEST = "CERTIFICATE REQUEST";
    static final String KEY = "PRIVATE KEY";

    private static final int BLOCKS = 32;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----");
    private static final List<String> KEY_FAMILIES = List.of("EC", "Ed25519", "RSA");

    private record Block(String label, Blob der) {}

    private Pem() {}

    /// All certificates of a text, in their order; at least one.
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> chain = blocks(text).stream()
                .filter(block -> block.label.equals(CERTIFICATE))
                .map(block -> certificate(block.der.toByteArray()))
                .toList();
        if (chain.isEmpty() || chain.size() > CERTIFICATES) {
            throw Fault.invalid(
                    "a PEM chain has 1 to " + CERTIFICATES + " certificates, this text has " + chain.size());
        }
        return chain;
    }

    /// The one unencrypted PKCS#8 key of a text.
    public static PrivateKey privateKey(String text) {
        byte[] der = only(text, KEY);
        for (String family : KEY_FAMILIES) {
            try {
                return KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException _) {
                // Not of this family; the cause could repeat parts of the key, so it goes nowhere.
            }
        }
        throw Fault.invalid("the private key is no PKCS#8 key of ECDSA, Ed25519 or RSA");
    }

    static byte[] only(String text, String label) {
        List<Block> found =
                blocks(text).stream().filter(block -> block.label.equals(label)).toList();
        if (found.size() != 1) {
            throw Fault.invalid("the text has " + found.size() + " blocks \"" + label + "\" where one is expected");
        }
        return found.getFirst().der.toByteArray();
    }

    /// A certificate from its DER bytes and nothing else.
    static X509Certificate certificate(byte[] der) {
        try {
            var parsed = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            if (!Arrays.equals(parsed.getEncoded(), der)) {
                throw Fault.invalid("not exactly one DER certificate");
            }
            return parsed;
        } catch (CertificateException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Fault(Fault.Kind.INVALID, "not a DER certificate: " + e.getMessage(), e);
        }
    }

    /// A chain in PEM, the leaf first.
    public static String of(List<X509Certificate> chain) {
        var text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            text.append(block(CERTIFICATE, encoded(certificate)));
        }
        return text.toString();
    }

    /// A private key as unencrypted PKCS#8: only for files that their owner alone can read.
    public static String of(PrivateKey key) {
        return block(KEY, key.getEncoded());
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    static String block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static List<Block> blocks(String text) {
        var blocks = new ArrayList<Block>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            String label = begin.group(1);
            String last = "-----END " + label + "-----";
            int end = text.indexOf(last, begin.end());
            if (end < 0) {
                throw Fault.invalid("the PEM block " + Text.quoted(label) + " has no end");
            }
            if (blocks.size() == BLOCKS) {
                throw Fault.invalid("more than " + BLOCKS + " PEM blocks");
            }
            blocks.add(new Block(label, Blob.of(decoded(label, text.substring(begin.end(), end)))));
            from = end + last.length();
        }
        return blocks;
    }

    private static byte[] decoded(String label, String body) {
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", "").getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            throw Fault.invalid("the PEM block " + Text.quoted(label) + " is not base64");
        }
    }
}
