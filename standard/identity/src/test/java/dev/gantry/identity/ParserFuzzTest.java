// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static dev.gantry.identity.Certificates.CHANCE;
import static dev.gantry.identity.Certificates.CLIENT;
import static dev.gantry.identity.Certificates.NOW;
import static dev.gantry.identity.Certificates.authority;
import static dev.gantry.identity.Certificates.leaf;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.identity.enrolment.IssuedCredential;
import dev.gantry.testkit.Seeds;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Every parser that reads from the network answers damaged input with a value or a [Fault], never with anything
/// else.
class ParserFuzzTest {
    private static final Credential ROOT = authority("root").root();
    private static final Credential SVID = leaf(CLIENT.spiffeId().value()).by(ROOT);
    private static final TrustBundle BUNDLE = TrustBundle.of(List.of(ROOT.leaf()), BigInteger.ONE, Duration.ofHours(1));
    private static final String REQUEST = CertificateRequest.create(KeyAlgorithm.ECDSA_P256.generate(CHANCE));

    private static byte[] damaged(byte[] source, Random random) {
        byte[] bytes = source.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
            default -> bytes;
        };
    }

    private static <T> void answers(T input, Consumer<T> parser) {
        try {
            parser.accept(input);
        } catch (Fault _) {
            // Said in words: that is what is wanted.
        }
    }

    @Seeds(2000)
    void damagedCertificatesAreRefusedOrChecked(long seed) {
        byte[] der = damaged(Pem.encoded(SVID.leaf()), new Random(seed));
        var check = new SvidCheck(Certificates.FACTORY, () -> BUNDLE, () -> NOW);
        answers(der, bytes -> {
            X509Certificate certificate = Pem.certificate(bytes);
            if (check.check(List.of(certificate)) instanceof SvidCheck.Accepted && !certificate.equals(SVID.leaf())) {
                throw new AssertionError("a damaged certificate was accepted");
            }
        });
    }

    @Seeds(1000)
    void damagedAnchorsAreIgnored(long seed) {
        byte[] der = damaged(Pem.encoded(ROOT.leaf()), new Random(seed));
        String entry = BUNDLE.write()
                .text()
                .replace(
                        Base64.getEncoder().encodeToString(Pem.encoded(ROOT.leaf())),
                        Base64.getEncoder().encodeToString(der));
        answers(Blob.utf8(entry), TrustBundle::read);
    }

    @Seeds(1000)
    void damagedBundlesAreRefusedOrRead(long seed) {
        answers(Blob.of(damaged(BUNDLE.write().toByteArray(), new Random(seed))), TrustBundle::read);
    }

    @Seeds(1000)
    void damagedRequestsAreRefused(long seed) {
        var random = new Random(seed);
        byte[] der = damaged(Pem.only(REQUEST, Pem.REQUEST), random);
        answers(Pem.block(Pem.REQUEST, der), CertificateRequest::read);
        answers(
                new String(damaged(REQUEST.getBytes(StandardCharsets.US_ASCII), random), StandardCharsets.ISO_8859_1),
                CertificateRequest::read);
    }

    @Seeds(500)
    void damagedTokensAndAnswersAreRefused(long seed) {
        var random = new Random(seed);
        byte[] text = ("gantry1."
                        + Base64.getUrlEncoder()
                                .encodeToString("{\"url\":\"https://a\"}".getBytes(StandardCharsets.UTF_8)))
                .getBytes(StandardCharsets.US_ASCII);
        answers(new String(damaged(text, random), StandardCharsets.ISO_8859_1), EnrolmentToken::read);
        answers(Blob.of(damaged(BUNDLE.write().toByteArray(), random)), IssuedCredential::read);
    }
}
