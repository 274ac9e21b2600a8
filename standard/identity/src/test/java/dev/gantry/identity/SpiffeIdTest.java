// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    private static final TrustDomain FACTORY = new TrustDomain("factory.example");

    @Requirement({"ID-005", "ID-020"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "spiffe:///a",
                "https://factory.example/a",
                "SPIFFE://factory.example/a",
                "spiffe:/factory.example/a",
                "spiffe://Factory.example/margo/wfm/a",
                "spiffe://factory.example:443/margo/wfm/a",
                "spiffe://user@factory.example/margo/wfm/a",
                "spiffe://factory.example/",
                "spiffe://factory.example/margo/wfm/a/",
                "spiffe://factory.example/margo/wfm//client/x",
                "spiffe://factory.example/margo/wfm/..",
                "spiffe://factory.example/./wfm",
                "spiffe://factory.example/margo/wfm/a%2Fb",
                "spiffe://factory.example/margo/wfm/a~b",
                "spiffe://factory.example/margo/wfm/a/client/x?v=1",
                "spiffe://factory.example/margo/wfm/a#x",
                "spiffe://factory.example/margo/wfm/ä",
                "spiffe://factory.example/margo/wfm/a\n"
            })
    void whatIsNotExactlyASpiffeIdIsRefused(String text) {
        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> new SpiffeId(text)).kind());
    }

    @Test
    @Requirement("ID-006")
    void anIdMayHave2048BytesAndNoMore() {
        String start = "spiffe://factory.example/";
        var longest = new SpiffeId(start + "a".repeat(SpiffeId.BYTES - start.length()));
        assertEquals(2048, longest.value().length());
        assertThrows(Fault.class, () -> new SpiffeId(longest.value() + "a"));
        assertThrows(Fault.class, () -> new SpiffeId("spiffe://" + "a".repeat(256) + "/x"));
    }

    @Test
    void theTrustDomainAloneIsAnIdWithoutPath() {
        assertEquals(List.of(), FACTORY.id().path());
        assertEquals(FACTORY, FACTORY.id().trustDomain());
        assertEquals(
                List.of("margo", "wfm", "plant-a"), new SpiffeId("spiffe://factory.example/margo/wfm/plant-a").path());
    }

    @Test
    @Requirement({"ID-001", "ID-007", "ID-015"})
    void theTwoFormsOfTheProfileAreReadAndWritten() {
        var wfm = new MargoIdentity.Wfm(FACTORY, "plant-a");
        MargoIdentity.Client client = wfm.client("press-07");

        assertEquals(
                "spiffe://factory.example/margo/wfm/plant-a", wfm.spiffeId().value());
        assertEquals(
                "spiffe://factory.example/margo/wfm/plant-a/client/press-07",
                client.spiffeId().value());
        assertEquals(Optional.of(wfm), MargoIdentity.of(wfm.spiffeId()));
        assertEquals(Optional.of(client), MargoIdentity.of(client.spiffeId()));
        assertEquals(wfm, client.wfm());
    }

    @Requirement("ID-085")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://factory.example",
                "spiffe://factory.example/margo/wfm",
                "spiffe://factory.example/margo/WFM/a",
                "spiffe://factory.example/margo/wfm/a/client",
                "spiffe://factory.example/margo/wfm/a/Client/x",
                "spiffe://factory.example/margo/wfm/a/device/x",
                "spiffe://factory.example/margo/wfm/a/client/x/y",
                "spiffe://factory.example/other/wfm/a"
            })
    void everyOtherShapeNamesNobody(String id) {
        assertEquals(Optional.empty(), MargoIdentity.of(new SpiffeId(id)));
    }

    @Requirement({"ID-008", "ID-016"})
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a~b", "a b", "ä", "a%20"})
    void aSegmentHasLettersDigitsDotHyphenUnderscore(String segment) {
        assertThrows(Fault.class, () -> new MargoIdentity.Wfm(FACTORY, segment));
        assertThrows(Fault.class, () -> new MargoIdentity.Client(FACTORY, "a", segment));
    }
}
