// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static dev.gantry.identity.Certificates.CHANCE;
import static dev.gantry.identity.Certificates.CLIENT;
import static dev.gantry.identity.Certificates.FACTORY;
import static dev.gantry.identity.Certificates.NOW;
import static dev.gantry.identity.Certificates.WFM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {
    private static final InstantSource CLOCK = () -> NOW;
    private static final Duration DAY = Duration.ofDays(1);

    private static Credential root(KeyAlgorithm algorithm) {
        return CertificateAuthority.newRoot(FACTORY, algorithm, Duration.ofDays(3650), CLOCK, CHANCE);
    }

    private static CertificateAuthority authority(Credential root) {
        return new CertificateAuthority(FACTORY, root, CLOCK, CHANCE);
    }

    private static SvidCheck check(Credential root) {
        var bundle = TrustBundle.of(List.of(root.leaf()), BigInteger.ONE, DAY);
        return new SvidCheck(FACTORY, () -> bundle, CLOCK);
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    @Requirement({"ID-021", "ID-022", "ID-023", "ID-024", "ID-028", "ID-104"})
    void whatIsIssuedHoldsUnderTheProfileWithEveryAlgorithm(KeyAlgorithm algorithm) {
        Credential root = root(algorithm);
        for (KeyAlgorithm own : KeyAlgorithm.values()) {
            List<X509Certificate> chain =
                    authority(root).issue(CLIENT, own.generate(CHANCE).getPublic(), DAY);
            assertEquals(
                    new SvidCheck.Accepted(CLIENT.spiffeId(), chain.getFirst()),
                    check(root).check(chain));
        }
    }

    @Test
    @Requirement({"ID-023", "ID-024", "ID-026"})
    void extensionsAreThoseOfTheProfile() throws Exception {
        Credential root = root(KeyAlgorithm.ECDSA_P256);
        X509Certificate leaf = authority(root)
                .issue(WFM, KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPublic(), DAY)
                .getFirst();
        assertEquals(List.of(SvidProfile.SERVER_AUTH, SvidProfile.CLIENT_AUTH), leaf.getExtendedKeyUsage());
        assertEquals(Set.of("2.5.29.15", "2.5.29.19"), leaf.getCriticalExtensionOIDs());
        assertEquals(List.of(List.of(6, WFM.spiffeId().value())), List.copyOf(leaf.getSubjectAlternativeNames()));
        assertEquals(
                List.of(List.of(6, "spiffe://factory.example")),
                List.copyOf(root.leaf().getSubjectAlternativeNames()));
        assertEquals(0, root.leaf().getBasicConstraints());
        assertEquals(Set.of("2.5.29.15", "2.5.29.19"), root.leaf().getCriticalExtensionOIDs());
        assertEquals(NOW.plus(DAY), leaf.getNotAfter().toInstant());
        assertTrue(leaf.getSerialNumber().bitLength() == 128
                && leaf.getSerialNumber().signum() > 0);
    }

    @Test
    void serialsDifferAndNothingOutlivesItsAuthority() {
        Credential root = CertificateAuthority.newRoot(FACTORY, KeyAlgorithm.ECDSA_P256, DAY, CLOCK, CHANCE);
        CertificateAuthority authority = authority(root);
        var key = KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPublic();
        X509Certificate one = authority.issue(WFM, key, Duration.ofDays(99)).getFirst();
        X509Certificate two = authority.issue(WFM, key, Duration.ofDays(99)).getFirst();
        assertNotEquals(one.getSerialNumber(), two.getSerialNumber());
        assertEquals(root.leaf().getNotAfter(), one.getNotAfter());
    }

    @Test
    @Requirement("ID-027")
    void anIntermediatePresentsItselfWithWhatItIssues() {
        Credential root = Certificates.authority("root").root();
        Credential middle = Certificates.authority("middle").by(root);
        List<X509Certificate> chain = authority(middle)
                .issue(CLIENT, KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPublic(), Duration.ofMinutes(5));
        assertEquals(2, chain.size());
        assertEquals(
                new SvidCheck.Accepted(CLIENT.spiffeId(), chain.getFirst()),
                check(root).check(chain));
    }

    @Test
    @Requirement("ID-068")
    void anotherTrustDomainIsNeverIssued() {
        var foreign = new MargoIdentity.Wfm(new TrustDomain("other.example"), "plant-a");
        var key = KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPublic();
        Fault fault = assertThrows(
                Fault.class, () -> authority(root(KeyAlgorithm.ECDSA_P256)).issue(foreign, key, DAY));
        assertEquals(Fault.Kind.REFUSED, fault.kind());
    }

    @Test
    @Requirement({"ID-029", "ID-031"})
    void keysOutsideTheProfileAreNeverIssued() throws Exception {
        CertificateAuthority authority = authority(root(KeyAlgorithm.ECDSA_P256));
        var rsa = Certificates.pair("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
        var p521 = Certificates.pair("EC", new ECGenParameterSpec("secp521r1"));
        assertThrows(Fault.class, () -> authority.issue(CLIENT, rsa.getPublic(), DAY));
        assertThrows(Fault.class, () -> authority.issue(CLIENT, p521.getPublic(), DAY));
    }

    @Test
    void aLeafIsNotTakenAsAnAuthority() {
        Credential leaf = Certificates.leaf(CLIENT.spiffeId().value()).root();
        assertThrows(Fault.class, () -> authority(leaf));
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void aRequestShowsItsKey(KeyAlgorithm algorithm) {
        KeyPair pair = algorithm.generate(CHANCE);
        assertEquals(
                pair.getPublic(),
                CertificateRequest.read(CertificateRequest.create(pair)).key());
    }

    @Test
    @Requirement("ID-093")
    void subjectAndExtensionsOfARequestAreIgnored() throws Exception {
        KeyPair pair = KeyAlgorithm.ECDSA_P256.generate(CHANCE);
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=somebody else"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        CertificateRequest request = CertificateRequest.read(Pem.block(Pem.REQUEST, der));
        X509Certificate leaf = authority(root(KeyAlgorithm.ECDSA_P256))
                .issue(CLIENT, request.key(), DAY)
                .getFirst();
        assertFalse(leaf.getSubjectX500Principal().getName().contains("somebody"));
    }

    @Test
    void aRequestThatIsNotSignedWithItsOwnKeyIsRefused() throws Exception {
        KeyPair pair = KeyAlgorithm.ECDSA_P256.generate(CHANCE);
        KeyPair other = KeyAlgorithm.ECDSA_P256.generate(CHANCE);
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(other.getPrivate()))
                .getEncoded();
        assertInvalid(Pem.block(Pem.REQUEST, der));
    }

    @Test
    @Requirement("ID-031")
    void aRequestForAShortRsaKeyIsRefused() throws Exception {
        KeyPair pair = Certificates.pair("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()))
                .getEncoded();
        assertInvalid(Pem.block(Pem.REQUEST, der));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-----BEGIN CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE REQUEST-----\n!!!!\n-----END CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"
            })
    void whatIsNoRequestIsRefused(String text) {
        assertInvalid(text);
        assertInvalid(text + "A".repeat(CertificateRequest.PEM_LENGTH));
    }

    private static void assertInvalid(String pem) {
        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> CertificateRequest.read(pem)).kind());
    }

    @Test
    @Requirement({"ID-059", "ID-060", "ID-064"})
    void endpointCertificatesNameTheirHostsAndHangUnderThePinnedKey() throws Exception {
        Credential root = EndpointAuthority.newRoot("mis", Duration.ofDays(3650), CLOCK, CHANCE);
        var authority = new EndpointAuthority(root, CLOCK, CHANCE);
        Credential server = authority.issue(List.of("localhost", "127.0.0.1", "::1"), Duration.ofDays(90));

        assertEquals(
                Set.of("2:localhost", "7:127.0.0.1", "7:0:0:0:0:0:0:0:1"),
                server.leaf().getSubjectAlternativeNames().stream()
                        .map(name -> name.get(0) + ":" + name.get(1))
                        .collect(Collectors.toSet()));
        assertEquals(authority.pin(), SpkiPin.of(server.chain().getLast()));
        server.leaf().verify(root.leaf().getPublicKey());
        assertThrows(Fault.class, () -> authority.issue(List.of(), DAY));
        assertThrows(Fault.class, () -> authority.issue(List.of("a b"), DAY));
        assertThrows(Fault.class, () -> authority.issue(List.of("https://x"), DAY));
    }
}
