// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Real documents and certificates that were not made by this program; valid 2026-01-01 to 2026-04-01.
class VectorsTest {
    private static final TrustDomain FACTORY = new TrustDomain("factory.example");
    private static final Instant DURING = Instant.parse("2026-02-01T00:00:00Z");

    private static Blob resource(String name) {
        try (InputStream in = Objects.requireNonNull(VectorsTest.class.getResourceAsStream("vectors/" + name), name)) {
            return Blob.of(in.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SvidCheck.Verdict check(String pem, Instant now) {
        TrustBundle bundle = TrustBundle.read(resource("bundle.json")).value();
        return new SvidCheck(FACTORY, () -> bundle, () -> now)
                .check(Pem.certificates(resource(pem).text()));
    }

    @Test
    @Requirement({"ID-036", "ID-073"})
    void theSvidsHoldUnderTheBundle() {
        var wfm = assertInstanceOf(SvidCheck.Accepted.class, check("wfm.pem", DURING));
        var client = assertInstanceOf(SvidCheck.Accepted.class, check("client.pem", DURING));
        assertEquals("spiffe://factory.example/margo/wfm/plant-a", wfm.id().value());
        assertEquals(
                "spiffe://factory.example/margo/wfm/plant-a/client/press-07",
                client.id().value());
    }

    @Test
    @Requirement("ID-037")
    void theSvidsEnd() {
        Instant end = Instant.parse("2026-04-01T00:00:00Z");
        assertInstanceOf(SvidCheck.Accepted.class, check("wfm.pem", end.plus(SvidCheck.SKEW)));
        assertEquals(
                "ID-037",
                assertInstanceOf(SvidCheck.Refused.class, check("wfm.pem", end.plusSeconds(61)))
                        .rule());
        assertEquals(
                "ID-037",
                assertInstanceOf(SvidCheck.Refused.class, check("wfm.pem", Instant.parse("2025-12-31T23:58:59Z")))
                        .rule());
    }

    @Test
    void theBundleIsReadWhole() {
        TrustBundle bundle = TrustBundle.read(resource("bundle.json")).value();
        assertEquals(Optional.of(BigInteger.valueOf(12)), bundle.sequence());
        assertEquals(Optional.of(Duration.ofDays(1)), bundle.refreshHint());
        assertEquals(List.of(), bundle.ignored());
        assertEquals(bundle, TrustBundle.read(bundle.write()).value());
    }

    @Test
    @Requirement("ID-060")
    void thePinOfTheRootIsTheOneWritten() {
        TrustBundle bundle = TrustBundle.read(resource("bundle.json")).value();
        assertEquals(
                "tit5/EQfJshmyTIH8HfPKUScRhyvJCEd+foJfYsYJDE=",
                SpkiPin.of(bundle.anchors().getFirst()).value());
    }

    @Test
    @Requirement({"ID-065", "ID-067", "ID-069", "ID-070"})
    void theDiscoveryDocumentIsReadAndCompared() {
        Discovery document = Discovery.read(resource("discovery.json"));
        assertEquals(
                "https://mis.factory.example/.well-known/spiffe/bundle.json",
                document.trustBundleUri().toString());
        assertEquals(document, document.expecting(FACTORY));
        assertEquals(document, Discovery.read(document.write()));
        assertThrows(Fault.class, () -> document.expecting(new TrustDomain("other.example")));
        assertEquals(
                document,
                Discovery.read(Blob.utf8(resource("discovery.json").text().replace("{", "{\"more\": [1],"))));
        for (String uri : List.of("http://mis.factory.example/b", "/b", "ftp://x/b", "https:///b", "https://a b", "")) {
            Blob bad = Blob.utf8("{\"trustDomain\": \"factory.example\", \"trustBundleUri\": \"" + uri + "\"}");
            assertEquals(
                    Fault.Kind.INVALID,
                    assertThrows(Fault.class, () -> Discovery.read(bad), uri).kind());
        }
        for (String bad : List.of(
                "",
                "[]",
                "{}",
                "{\"trustDomain\": 1}",
                "{\"trustDomain\": \"X\", \"trustBundleUri\": \"https://a\"}")) {
            assertThrows(Fault.class, () -> Discovery.read(Blob.utf8(bad)), bad);
        }
    }
}
