// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.Credential;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.TrustDomain;
import dev.gantry.spec.Requirement;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnrolmentTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2026-02-01T00:00:00Z");
    private static final SecureRandom CHANCE = new SecureRandom();
    private static final TrustDomain FACTORY = new TrustDomain("factory.example");
    private static final URI BUNDLE = URI.create("https://mis.example/.well-known/spiffe/bundle.json");
    private static final URI RENEWALS = URI.create("https://mis.example:9444/x-gantry/v1/renewals");
    private static final MargoIdentity CLIENT = new MargoIdentity.Client(FACTORY, "plant-a", "press-07");

    private final Credential root =
            CertificateAuthority.newRoot(FACTORY, KeyAlgorithm.ECDSA_P256, Duration.ofDays(9), CLOCK, CHANCE);

    private IssuedCredential issued(Credential under, MargoIdentity named) {
        var chain = new CertificateAuthority(FACTORY, under, CLOCK, CHANCE)
                .issue(CLIENT, KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPublic(), Duration.ofDays(1));
        Blob bundle = TrustBundle.of(List.of(root.leaf()), BigInteger.ONE, Duration.ofHours(1))
                .write();
        return new IssuedCredential(named.spiffeId(), chain, TrustBundle.read(bundle), BUNDLE, RENEWALS);
    }

    @Test
    @Requirement("ID-058")
    void aTokenCarriesEverythingThatTheFirstConnectionNeeds() {
        var token = new EnrolmentToken(
                URI.create("https://127.0.0.1:9443"), FACTORY, SpkiPin.of(root.leaf()), new Secret("geheim"));
        assertTrue(token.text().startsWith("gantry1."));
        assertEquals(token, EnrolmentToken.read(" " + token.text() + "\n"));
        assertFalse(token.toString().contains("geheim"));
    }

    @Test
    void damagedTokensAreRefusedWithoutRepeatingThem() {
        for (String json : List.of(
                "{}",
                "[]",
                "{\"url\":\"http://a\",\"trustDomain\":\"f\",\"pin\":\"" + SpkiPin.of(root.leaf())
                        + "\",\"secret\":\"geheim\"}",
                "{\"url\":\"https://a\",\"trustDomain\":\"f\",\"pin\":\"AAAA\",\"secret\":\"geheim\"}",
                "{\"url\":\"https://a\",\"trustDomain\":\"F\",\"pin\":\"" + SpkiPin.of(root.leaf())
                        + "\",\"secret\":\"geheim\"}",
                "{\"url\":\"https://a\",\"trustDomain\":\"f\",\"pin\":\"" + SpkiPin.of(root.leaf())
                        + "\",\"secret\":\"\"}")) {
            String text = "gantry1."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
            Fault fault = assertThrows(Fault.class, () -> EnrolmentToken.read(text), json);
            assertEquals(Fault.Kind.INVALID, fault.kind());
            assertFalse(fault.getMessage().contains("geheim"));
        }
        for (String text : List.of("", "gantry1.", "gantry2.e30", "gantry1.!!", "gantry1." + "A".repeat(5000))) {
            assertThrows(Fault.class, () -> EnrolmentToken.read(text));
        }
    }

    @Test
    void anAnswerTravelsWhole() {
        IssuedCredential answer = issued(root, CLIENT);
        IssuedCredential read = IssuedCredential.read(answer.write());
        assertEquals(answer, read);
        assertEquals(read, read.verified(FACTORY, CLOCK));
    }

    @Test
    void anAnswerWithoutASecurePlaceToRenewIsRefused() {
        String answer = issued(root, CLIENT).write().text();
        for (String damaged : List.of(
                answer.replace(RENEWALS.toString(), "http://mis.example/x-gantry/v1/renewals"),
                answer.replace("renewalUri", "renewal"))) {
            Fault fault = assertThrows(Fault.class, () -> IssuedCredential.read(Blob.utf8(damaged)));
            assertEquals("renewalUri", fault.findings().getFirst().field());
        }
    }

    @Test
    void anAnswerThatDoesNotHoldIsRefused() {
        Credential stranger =
                CertificateAuthority.newRoot(FACTORY, KeyAlgorithm.ECDSA_P256, Duration.ofDays(9), CLOCK, CHANCE);
        assertThrows(Fault.class, () -> issued(stranger, CLIENT).verified(FACTORY, CLOCK));
        assertThrows(Fault.class, () -> issued(root, CLIENT).verified(new TrustDomain("other.example"), CLOCK));
        MargoIdentity other = new MargoIdentity.Client(FACTORY, "plant-a", "press-08");
        assertThrows(Fault.class, () -> issued(root, other).verified(FACTORY, CLOCK));
    }

    @Test
    void aRequestIsAnObjectWithACsr() {
        assertEquals(
                "x", CredentialRequest.read(new CredentialRequest("x").write()).csr());
        for (String bad : List.of("", "[]", "{}", "{\"csr\": 1}", "{\"csr\": null}")) {
            assertThrows(Fault.class, () -> CredentialRequest.read(Blob.utf8(bad)), bad);
        }
    }
}
