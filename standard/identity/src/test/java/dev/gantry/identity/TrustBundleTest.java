// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static dev.gantry.identity.Certificates.CHANCE;
import static dev.gantry.identity.Certificates.FACTORY;
import static dev.gantry.identity.Certificates.NOW;
import static dev.gantry.identity.Certificates.authority;
import static dev.gantry.identity.Certificates.leaf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustBundleTest {
    private static final X509Certificate ONE = authority("one").root().leaf();
    private static final X509Certificate TWO = authority("two").root().leaf();

    private static Tree.Obj entry(X509Certificate anchor) {
        Tree tree = Json.read(TrustBundle.of(List.of(anchor), BigInteger.ONE, Duration.ofHours(1))
                .write());
        return (Tree.Obj)
                ((Tree.Arr) ((Tree.Obj) tree).get("keys").orElseThrow()).items().getFirst();
    }

    private static Blob bundle(Tree... entries) {
        return Json.canonical(
                Tree.members().put("keys", Tree.of(List.of(entries))).build());
    }

    private static TrustBundle read(Tree... entries) {
        return TrustBundle.read(bundle(entries)).value();
    }

    /// The broken entry is left out beside a good one, and refused as a bundle when it is alone.
    private static void ignored(UnaryOperator<Tree.Obj> change) {
        Tree.Obj broken = change.apply(entry(ONE));
        TrustBundle bundle = read(broken, entry(TWO));
        assertEquals(List.of(TWO), bundle.anchors());
        assertEquals(1, bundle.ignored().size());
        assertEquals("keys[0]", bundle.ignored().getFirst().field());
        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> read(broken)).kind());
    }

    private static Tree.Obj without(Tree.Obj object, String name) {
        var members = new java.util.LinkedHashMap<>(object.members());
        members.remove(name);
        return new Tree.Obj(members);
    }

    @Test
    @Requirement({"ID-073", "ID-075", "ID-083"})
    void whatIsWrittenIsReadAgainAndHasNoKid() {
        var bundle =
                TrustBundle.of(List.of(ONE, TWO), BigInteger.TWO.pow(64).subtract(BigInteger.ONE), Duration.ofHours(1));
        assertEquals(bundle, TrustBundle.read(bundle.write()).value());
        assertTrue(entry(ONE).get("kid").isEmpty());
        assertEquals(Optional.of(Tree.of("x509-svid")), entry(ONE).get("use"));
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void anchorsOfEveryAlgorithmAreWrittenAndRead(KeyAlgorithm algorithm) {
        X509Certificate anchor = CertificateAuthority.newRoot(FACTORY, algorithm, Duration.ofDays(1), () -> NOW, CHANCE)
                .leaf();
        var bundle = TrustBundle.of(List.of(anchor), BigInteger.ONE, Duration.ofHours(1));
        assertEquals(bundle, TrustBundle.read(bundle.write()).value());
    }

    @Test
    @Requirement({"ID-074", "ID-076"})
    void entriesThatAreNoAnchorsAreIgnoredOneByOne() {
        ignored(entry -> entry.with("use", Tree.of("jwt-svid")));
        ignored(entry -> entry.with("use", Tree.of("sig")));
        ignored(entry -> without(entry, "use"));
        ignored(entry -> entry.with("kty", Tree.of("oct")));
        ignored(entry -> without(entry, "kty"));
        ignored(entry -> without(entry, "x5c"));
        ignored(entry -> entry.with("x5c", Tree.of(List.of())));
        ignored(entry -> entry.with("x5c", Tree.of("MIIB")));
        ignored(entry -> entry.with("x5c", Tree.of(List.of(Tree.of(1)))));
        ignored(entry -> entry.with("x5c", Tree.ofTexts(List.of("not base64!"))));
        ignored(entry -> entry.with("x5c", Tree.ofTexts(List.of("AAAA"))));
    }

    @Test
    void theFirstCertificateOfAnEntryCountsAndAKidDoesNotHurt() {
        Tree.Obj one = entry(ONE);
        Tree.Arr certificates = (Tree.Arr) one.get("x5c").orElseThrow();
        var more = new ArrayList<>(certificates.items());
        more.add(Tree.of("ignored"));
        assertEquals(
                List.of(ONE),
                read(one.with("x5c", Tree.of(more)).with("kid", Tree.of("k"))).anchors());
    }

    @Test
    void membersMustBeThoseOfTheCertificatesKey() {
        ignored(entry -> entry.with("x", Tree.of("AAAA")));
        ignored(entry -> without(entry, "y"));
        ignored(entry -> entry.with("crv", Tree.of("P-384")));
        ignored(entry -> entry.with("x", entry(TWO).get("x").orElseThrow()));
    }

    @Test
    @Requirement("ID-026")
    void aCertificateThatIsNoAuthorityIsNoAnchor() {
        ignored(entry -> entry(leaf("spiffe://factory.example/a").root().leaf()));
        ignored(entry -> entry(authority("x")
                .basicConstraints(new BasicConstraints(false))
                .root()
                .leaf()));
        ignored(entry -> entry(
                authority("x").keyUsage(true, KeyUsage.digitalSignature).root().leaf()));
    }

    @Requirement("ID-076")
    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{}", "{\"keys\": {}}", "{\"keys\": []}", "{\"keys\": [1, null, {}]}"})
    void whatIsNoJwkSetWithAnAnchorIsRefused(String text) {
        Fault fault = assertThrows(Fault.class, () -> TrustBundle.read(Blob.utf8(text)));
        assertEquals(Fault.Kind.INVALID, fault.kind());
    }

    @Test
    void numbersAreTakenWith64BitsAndMalformedOnesLeftOut() {
        assertEquals(
                new BigInteger("18446744073709551615"),
                numbers("18446744073709551615", "3600").sequence().orElseThrow());
        assertEquals(Optional.empty(), numbers("18446744073709551616", "3600").sequence());
        assertEquals(Optional.empty(), numbers("-1", "3600").sequence());
        assertEquals(Optional.empty(), numbers("1.5", "3600").sequence());
        assertEquals(Optional.empty(), numbers("\"1\"", "3600").sequence());
        assertEquals(Optional.empty(), numbers("1e300", "3600").sequence());
    }

    @Test
    void theRefreshHintIsClamped() {
        assertEquals(Optional.of(Duration.ofHours(1)), numbers("1", "3600").refreshHint());
        assertEquals(Optional.of(TrustBundle.LEAST_HINT), numbers("1", "0").refreshHint());
        assertEquals(
                Optional.of(TrustBundle.MOST_HINT),
                numbers("1", "9223372036854775808").refreshHint());
        assertEquals(Optional.empty(), numbers("1", "-5").refreshHint());
    }

    private static TrustBundle numbers(String sequence, String hint) {
        String text = bundle(entry(ONE)).text();
        return TrustBundle.read(Blob.utf8("{\"spiffe_sequence\":" + sequence + ",\"spiffe_refresh_hint\":" + hint + ","
                        + text.substring(1)))
                .value();
    }
}
