// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static dev.gantry.identity.Certificates.CLIENT;
import static dev.gantry.identity.Certificates.FACTORY;
import static dev.gantry.identity.Certificates.NOW;
import static dev.gantry.identity.Certificates.WFM;
import static dev.gantry.identity.Certificates.authority;
import static dev.gantry.identity.Certificates.leaf;
import static dev.gantry.identity.Certificates.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;

class SvidCheckTest {
    private static final String ID = CLIENT.spiffeId().value();

    private final ManualClock clock = new ManualClock(NOW);
    private final Credential root =
            authority("root").uris("spiffe://factory.example").root();
    private List<X509Certificate> anchors = List.of(root.leaf());
    private final SvidCheck check = new SvidCheck(
            FACTORY, () -> new TrustBundle(anchors, Optional.empty(), Optional.empty(), List.of()), clock);

    private void accepted(Credential credential) {
        accepted(credential.chain());
    }

    private void accepted(List<X509Certificate> chain) {
        assertEquals(new SvidCheck.Accepted(CLIENT.spiffeId(), chain.getFirst()), check.check(chain));
    }

    private void refused(String rule, Credential credential) {
        refused(rule, credential.chain());
    }

    private void refused(String rule, List<X509Certificate> chain) {
        switch (check.check(chain)) {
            case SvidCheck.Refused refused -> assertEquals(rule, refused.rule(), refused.reason());
            case SvidCheck.Accepted accepted -> throw new AssertionError("accepted " + accepted.id());
        }
    }

    @Test
    @Requirement({"ID-028", "ID-036"})
    void aLeafUnderAnAnchorIsWhoItSays() {
        accepted(leaf(ID).by(root));
    }

    @Test
    @Requirement("ID-048")
    void noCertificateAndTooManyAreRefused() {
        refused("ID-048", List.of());
        var many = new ArrayList<>(leaf(ID).by(root).chain());
        while (many.size() <= SvidCheck.PRESENTED) {
            many.add(root.leaf());
        }
        refused("ID-048", many);
    }

    @Test
    @Requirement({"ID-021", "ID-040"})
    void thereIsExactlyOneUriName() {
        refused("ID-021", leaf().by(root));
        refused("ID-021", leaf(ID, "https://factory.example").by(root));
        refused("ID-021", leaf(ID, ID).by(root));
        refused(
                "ID-021",
                leaf().names(false, List.of(new GeneralName(GeneralName.dNSName, "press-07")))
                        .by(root));
        accepted(leaf().names(
                        false,
                        List.of(
                                new GeneralName(GeneralName.dNSName, "elsewhere.example"),
                                new GeneralName(GeneralName.uniformResourceIdentifier, ID)))
                .by(root));
    }

    @Test
    @Requirement({"ID-005", "ID-039"})
    void theUriIsASpiffeIdWithAPath() {
        refused(
                "ID-005",
                leaf("https://factory.example/margo/wfm/plant-a/client/press-07")
                        .by(root));
        refused("ID-005", leaf(ID + "/").by(root));
        refused("ID-039", leaf("spiffe://factory.example").by(root));
    }

    @Test
    @Requirement("ID-035")
    void anotherTrustDomainIsRefusedEvenUnderTheSameAnchor() {
        refused(
                "ID-035",
                leaf("spiffe://other.example/margo/wfm/plant-a/client/press-07").by(root));
        refused(
                "ID-035",
                leaf("spiffe://factory.example.evil/margo/wfm/plant-a").by(root));
    }

    @Test
    @Requirement("ID-036")
    void aPathMustReachAnAnchorOfTheCurrentBundle() {
        Credential stranger = authority("root").root();
        refused("ID-036", leaf(ID).by(stranger));
        refused("ID-036", leaf(ID).by(authority("another").root()));

        Credential svid = leaf(ID).by(root);
        accepted(svid);
        anchors = List.of(stranger.leaf());
        refused("ID-036", svid);
        anchors = List.of(stranger.leaf(), root.leaf());
        accepted(svid);
    }

    @Test
    @Requirement({"ID-027", "ID-038"})
    void intermediatesComeFromThePresenterOnly() {
        Credential middle = authority("middle").by(root);
        Credential low = authority("low").by(middle);
        Credential svid = leaf(ID).by(low);
        accepted(svid);
        List<X509Certificate> chain = svid.chain();
        accepted(List.of(chain.get(0), chain.get(2), chain.get(1)));
        var withAnchor = new ArrayList<>(chain);
        withAnchor.add(root.leaf());
        accepted(withAnchor);
        refused("ID-036", chain.subList(0, 2));
        refused("ID-036", chain.subList(0, 1));
    }

    @Test
    @Requirement({"ID-037", "ID-042"})
    void validityAllowsForTheSkewAndNotASecondMore() {
        Duration skew = SvidCheck.SKEW;
        accepted(leaf(ID).valid(NOW.plus(skew), NOW.plusSeconds(3600)).by(root));
        refused(
                "ID-037",
                leaf(ID).valid(NOW.plus(skew).plusSeconds(1), NOW.plusSeconds(3600))
                        .by(root));
        accepted(leaf(ID).valid(NOW.minusSeconds(3600), NOW.minus(skew)).by(root));
        refused(
                "ID-037",
                leaf(ID).valid(NOW.minusSeconds(3600), NOW.minus(skew).minusSeconds(1))
                        .by(root));
        assertThrows(Fault.class, () -> new SvidCheck(FACTORY, () -> null, clock, Duration.ofSeconds(301)));
        assertThrows(Fault.class, () -> new SvidCheck(FACTORY, () -> null, clock, Duration.ofSeconds(-1)));
    }

    @Test
    @Requirement("ID-037")
    void everyCertificateOfThePathMustBeValidTheAnchorToo() {
        Credential expired = authority("middle")
                .valid(NOW.minusSeconds(7200), NOW.minusSeconds(3600))
                .by(root);
        refused("ID-037", leaf(ID).by(expired));

        Credential oldRoot = authority("old")
                .valid(NOW.minusSeconds(7200), NOW.minusSeconds(3600))
                .root();
        anchors = List.of(oldRoot.leaf());
        refused("ID-037", leaf(ID).by(oldRoot));
    }

    @Test
    @Requirement("ID-022")
    void anAuthorityIsNoLeaf() {
        refused("ID-022", leaf(ID).basicConstraints(new BasicConstraints(true)).by(root));
        accepted(leaf(ID).without(Extension.basicConstraints).by(root));
    }

    @Test
    @Requirement("ID-023")
    void keyUsageIsCriticalWithDigitalSignatureAndSignsNothing() {
        refused("ID-023", leaf(ID).without(Extension.keyUsage).by(root));
        refused("ID-023", leaf(ID).keyUsage(false, KeyUsage.digitalSignature).by(root));
        refused("ID-023", leaf(ID).keyUsage(true, KeyUsage.keyEncipherment).by(root));
        refused(
                "ID-023",
                leaf(ID).keyUsage(true, KeyUsage.digitalSignature | KeyUsage.keyCertSign)
                        .by(root));
        refused(
                "ID-023",
                leaf(ID).keyUsage(true, KeyUsage.digitalSignature | KeyUsage.cRLSign)
                        .by(root));
        accepted(leaf(ID).keyUsage(true, KeyUsage.digitalSignature | KeyUsage.keyAgreement | KeyUsage.keyEncipherment)
                .by(root));
    }

    @Test
    @Requirement("ID-024")
    void extendedKeyUsageHasBothPurposesOrIsAbsent() {
        accepted(leaf(ID).without(Extension.extendedKeyUsage).by(root));
        accepted(leaf(ID).purposes(
                        KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_codeSigning)
                .by(root));
        refused("ID-024", leaf(ID).purposes(KeyPurposeId.id_kp_clientAuth).by(root));
        refused("ID-024", leaf(ID).purposes(KeyPurposeId.id_kp_serverAuth).by(root));
        refused("ID-024", leaf(ID).purposes(KeyPurposeId.anyExtendedKeyUsage).by(root));
    }

    @Test
    @Requirement("ID-025")
    void anEmptySubjectNeedsACriticalAlternativeName() {
        var uri = List.of(new GeneralName(GeneralName.uniformResourceIdentifier, ID));
        accepted(leaf(ID).emptySubject().names(true, uri).by(root));
        Certificates notCritical = leaf(ID).emptySubject().names(false, uri);
        assertThrows(Fault.class, () -> notCritical.by(root));
    }

    @Test
    @Requirement("ID-026")
    void whatIssuesIsAnAuthorityToTheProfile() {
        refused("ID-026", leaf(ID).by(leaf(ID).by(root)));
        refused(
                "ID-026",
                leaf(ID).by(authority("m").keyUsage(true, KeyUsage.cRLSign).by(root)));
        refused(
                "ID-026",
                leaf(ID).by(authority("m").keyUsage(false, KeyUsage.keyCertSign).by(root)));
        refused("ID-026", leaf(ID).by(authority("m").without(Extension.keyUsage).by(root)));
        refused(
                "ID-026",
                leaf(ID).by(authority("m").without(Extension.basicConstraints).by(root)));
        refused(
                "ID-026",
                leaf(ID).by(authority("m")
                        .uris("spiffe://factory.example/margo/wfm/x")
                        .by(root)));
        refused(
                "ID-026",
                leaf(ID).by(authority("m").uris("spiffe://a", "spiffe://b").by(root)));
        accepted(leaf(ID).by(authority("m").uris("spiffe://factory.example").by(root)));
    }

    @Test
    void pathLengthsHold() {
        Credential narrow =
                authority("narrow").basicConstraints(new BasicConstraints(0)).root();
        anchors = List.of(narrow.leaf());
        accepted(leaf(ID).by(narrow));
        refused("ID-036", leaf(ID).by(authority("m").by(narrow)));

        anchors = List.of(root.leaf());
        Credential middle =
                authority("m").basicConstraints(new BasicConstraints(0)).by(root);
        accepted(leaf(ID).by(middle));
        refused("ID-036", leaf(ID).by(authority("n").by(middle)));
    }

    @Test
    void nameConstraintsOfAnAnchorHold() {
        Credential own = constrained("factory.example");
        anchors = List.of(own.leaf());
        accepted(leaf(ID).by(own));
        Credential foreign = constrained("other.example");
        anchors = List.of(foreign.leaf());
        refused("ID-036", leaf(ID).by(foreign));
    }

    private static Credential constrained(String host) {
        var permitted = new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host));
        return authority("constrained")
                .with(Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {permitted}, null))
                .root();
    }

    @Test
    void anUnknownCriticalExtensionIsRefused() {
        var unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
        refused("ID-036", leaf(ID).with(unknown, true, DERNull.INSTANCE).by(root));
        accepted(leaf(ID).with(unknown, false, DERNull.INSTANCE).by(root));
    }

    @Test
    void aForgedSignatureIsRefused() {
        Credential impostor = authority("root").uris("spiffe://factory.example").root();
        refused("ID-036", leaf(ID).by(impostor));
    }

    @Test
    @Requirement({"ID-029", "ID-030", "ID-031"})
    void leafKeysAreOfTheProfile() throws Exception {
        accepted(leaf(ID).key(pair("EC", new ECGenParameterSpec("secp384r1"))).by(root));
        accepted(leaf(ID).key(pair("Ed25519", NamedParameterSpec.ED25519)).by(root));
        accepted(leaf(ID).key(pair("RSA", new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4)))
                .by(root));
        refused(
                "ID-029",
                leaf(ID).key(pair("EC", new ECGenParameterSpec("secp521r1"))).by(root));
        refused("ID-030", leaf(ID).key(pair("Ed448", NamedParameterSpec.ED448)).by(root));
        refused(
                "ID-031",
                leaf(ID).key(pair("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)))
                        .by(root));
    }

    @Test
    @Requirement({"ID-028", "ID-032"})
    void everyAcceptedSignatureIsValidatedAndNoOther() throws Exception {
        Credential p384 = authority("p384")
                .key(pair("EC", new ECGenParameterSpec("secp384r1")))
                .root();
        Credential ed =
                authority("ed").key(pair("Ed25519", NamedParameterSpec.ED25519)).root();
        Credential rsa = authority("rsa")
                .key(pair("RSA", new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4)))
                .root();
        anchors = List.of(root.leaf(), p384.leaf(), ed.leaf(), rsa.leaf());
        accepted(leaf(ID).by(p384));
        accepted(leaf(ID).by(ed));
        accepted(leaf(ID).by(rsa));
        accepted(leaf(ID).signedAs("SHA256withRSAandMGF1").by(rsa));
        refused("ID-032", leaf(ID).signedAs("SHA384withRSAandMGF1").by(rsa));
        refused("ID-032", leaf(ID).signedAs("SHA512withRSA").by(rsa));
        refused("ID-032", leaf(ID).signedAs("SHA384withECDSA").by(root));
        refused("ID-032", leaf(ID).signedAs("SHA256withECDSA").by(p384));
    }

    @Test
    @Requirement({"ID-029", "ID-031"})
    void anIssuerWithAKeyOutsideTheProfileIsRefused() throws Exception {
        Credential shortRsa = authority("m")
                .key(pair("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)))
                .by(root);
        refused("ID-031", leaf(ID).by(shortRsa));
        Credential p521 = authority("n")
                .key(pair("EC", new ECGenParameterSpec("secp521r1")))
                .by(root);
        refused("ID-029", leaf(ID).signedAs("SHA512withECDSA").by(p521));
    }

    @Test
    @Requirement("ID-076")
    void withoutABundleNothingValidates() {
        var empty = new SvidCheck(
                FACTORY,
                () -> {
                    throw new Fault(Fault.Kind.UNAVAILABLE, "none yet");
                },
                clock);
        assertTrue(empty.check(leaf(ID).by(root).chain()) instanceof SvidCheck.Refused(var rule, var _)
                && rule.equals("ID-036"));
    }

    @Test
    @Requirement({"ID-014", "ID-084", "ID-085"})
    void aWfmRecognisesItsOwnClientsOnly() throws CertificateException {
        PeerRule rule = check.clientsOf(WFM);
        assertEquals(ID, rule.identify(leaf(ID).by(root).chain()));
        for (String other : List.of(
                "spiffe://factory.example/margo/wfm/plant-a",
                "spiffe://factory.example/margo/wfm/plant-b/client/press-07",
                "spiffe://factory.example/margo/wfm/Plant-a/client/press-07",
                "spiffe://factory.example/margo/wfm/plant-a/client/press-07/x",
                "spiffe://factory.example/elsewhere")) {
            assertRule("ID-084", rule, leaf(other).by(root));
        }
    }

    @Test
    @Requirement({"ID-086", "ID-087", "ID-088"})
    void aClientRecognisesTheWfmOfItsOwnSvidOnly() throws CertificateException {
        Credential own = leaf(ID).by(root);
        PeerRule rule = check.wfmOf(() -> own);
        String wfm = WFM.spiffeId().value();
        assertEquals(wfm, rule.identify(leaf(wfm).by(root).chain()));
        assertRule(
                "ID-086",
                rule,
                leaf("spiffe://factory.example/margo/wfm/plant-b").by(root));
        assertRule("ID-086", rule, leaf(ID).by(root));
        assertRule(
                "ID-035", rule, leaf("spiffe://other.example/margo/wfm/plant-a").by(root));

        Credential notAClient = leaf(wfm).by(root);
        assertRule("ID-086", check.wfmOf(() -> notAClient), leaf(wfm).by(root));
    }

    private static void assertRule(String expected, PeerRule rule, Credential peer) {
        assertEquals(
                expected,
                assertThrows(SvidRefused.class, () -> rule.identify(peer.chain()))
                        .rule());
    }
}
