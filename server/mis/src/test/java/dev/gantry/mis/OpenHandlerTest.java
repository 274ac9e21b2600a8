// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.identity.Discovery;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.enrolment.CredentialRequest;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.Seeds;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OpenHandlerTest extends MisFixture {
    private static final String URN = "urn:x-gantry:problem:";

    @Test
    @Requirement({"ID-064", "ID-066", "ID-067", "ID-071", "ID-072"})
    void theTrustEndpointsAnswerEverybodyAndSayWhatIsUnchanged() {
        for (String path : List.of("/.well-known/margo", "/.well-known/spiffe/bundle.json")) {
            Response first = sent(Request.get(path));
            assertEquals(200, first.status());
            assertEquals("application/json", first.headers().get("Content-Type").orElseThrow());
            String etag = first.headers().get("ETag").orElseThrow();
            assertEquals(
                    304, sent(Request.get(path).with("If-None-Match", etag)).status());
            assertEquals(
                    200,
                    sent(Request.get(path).with("If-None-Match", "\"other\"")).status());
            assertEquals(200, sent(Request.of("HEAD", path)).status());
            refused(405, "about:blank", sent(Request.of("PUT", path)));
            assertTrue(open.now(Caller.anonymous(""), Request.get(path)).isPresent());
        }
        assertTrue(open.now(Caller.anonymous(""), Request.get("/x-gantry/v1/identities"))
                .isEmpty());
        Discovery discovery =
                Discovery.read(sent(Request.get("/.well-known/margo")).body().whole(1 << 20));
        assertEquals(new Discovery(FACTORY, ADDRESSES.bundle()), discovery);
        refused(404, "about:blank", sent(Request.get("/")));
    }

    @Test
    @Requirement({"ID-073", "ID-075", "ID-083"})
    void theBundleHoldsTheAnchorAndItsSequenceGrowsWithItsContentOnly() {
        TrustBundle bundle = TrustBundle.read(sent(Request.get("/.well-known/spiffe/bundle.json"))
                        .body()
                        .whole(1 << 20))
                .value();
        assertEquals(List.of(root.leaf()), bundle.anchors());
        assertEquals(BigInteger.ONE, bundle.sequence().orElseThrow());

        var same = new Vault(root, root, records, new dev.gantry.content.Secret("x"));
        assertEquals(
                BigInteger.ONE,
                same.bundle(Duration.ofMinutes(5)).value().sequence().orElseThrow());
        start();
        assertEquals(2, records.state().published().sequence());
    }

    @Test
    void aTokenIsMadeWithTheAdminKeyOnly() {
        for (String key : List.of("", "wrong", adminKey + "x")) {
            Response response = sent(post("/x-gantry/v1/enrolment-tokens", key, WISH));
            refused(401, "about:blank", response);
            assertTrue(response.headers().get("WWW-Authenticate").isPresent());
            refused(
                    401,
                    "about:blank",
                    sent(Request.get("/x-gantry/v1/identities").with("Authorization", "Bearer " + key)));
        }
        assertEquals(0, records.state().tokens().size());
    }

    @Test
    @Requirement({"ID-007", "ID-015", "ID-058"})
    void aTokenSaysWhereWhoAndUntilWhen() {
        Response client = wish(WISH.replace("}", ",\"expiresInSeconds\":60}"));
        assertEquals("2026-02-01T12:01:00Z", text(client, "expires"));
        assertEquals(PRESS, text(client, "spiffeId"));
        assertEquals("no-store", client.headers().get("Cache-Control").orElseThrow());
        assertEquals(ADDRESSES.open(), token(client).url());
        assertEquals(FACTORY, token(client).trustDomain());

        Response wfm = wish("{\"kind\":\"wfm\",\"id\":\"plant-a\"}");
        assertEquals("spiffe://factory.example/margo/wfm/plant-a", text(wfm, "spiffeId"));
        assertEquals("2026-02-01T13:00:00Z", text(wfm, "expires"));
    }

    @Test
    @Requirement({"ID-008", "ID-016"})
    void aWrongWishIsRefusedByItsField() {
        assertEquals("kind", firstField(wish("{\"id\":\"a\"}")));
        assertEquals("kind", firstField(wish("{\"kind\":\"device\",\"id\":\"a\"}")));
        assertEquals("id", firstField(wish("{\"kind\":\"wfm\"}")));
        assertEquals("id", firstField(wish("{\"kind\":\"wfm\",\"id\":\"a/b\"}")));
        assertEquals("id", firstField(wish("{\"kind\":\"client\",\"id\":\"..\",\"wfm\":\"plant-a\"}")));
        assertEquals("wfm", firstField(wish("{\"kind\":\"client\",\"id\":\"a\"}")));
        assertEquals("wfm", firstField(wish("{\"kind\":\"wfm\",\"id\":\"a\",\"wfm\":\"a\"}")));
        assertEquals("more", firstField(wish("{\"kind\":\"wfm\",\"id\":\"a\",\"more\":1}")));
        for (String seconds : List.of("59", "86401", "1.5", "-1", "1e30", "\"60\"")) {
            assertEquals(
                    "expiresInSeconds",
                    firstField(wish("{\"kind\":\"wfm\",\"id\":\"a\",\"expiresInSeconds\":" + seconds + "}")));
        }
        refused(400, "about:blank", wish("{\"kind\":"));
        refused(400, "about:blank", wish(""));
        refused(413, "about:blank", wish(" ".repeat(40_000)));
        refused(
                415,
                "about:blank",
                sent(Request.of("POST", "/x-gantry/v1/enrolment-tokens").with("Authorization", "Bearer " + adminKey)));
        assertEquals(0, records.state().tokens().size());
    }

    @Test
    @Requirement({"ID-068", "ID-093", "ID-104"})
    void aTokenBecomesAnSvidOfItsIdentity() {
        var credential = issued(enrol(secret(), csr(pair()))).verified(FACTORY, clock);
        assertEquals(PRESS, credential.spiffeId().value());
        assertEquals(clock.instant().plus(Duration.ofHours(24)), credential.expires());
        assertEquals(ADDRESSES.bundle(), credential.trustBundleUri());
        assertEquals(
                "https://mis.example:9444/x-gantry/v1/renewals",
                credential.renewalUri().toString());
    }

    @Test
    void anAnswerThatWasLostIsGivenAgain() throws Exception {
        String secret = secret();
        KeyPair pair = pair();
        byte[] first = issued(enrol(secret, csr(pair))).chain().getFirst().getEncoded();
        clock.turn(Duration.ofMinutes(30));
        assertArrayEquals(
                first, issued(enrol(secret, csr(pair))).chain().getFirst().getEncoded());
    }

    @Test
    void anotherKeyCannotSpendASpentToken() {
        String secret = secret();
        issued(enrol(secret, csr(pair())));
        State before = records.state();
        refused(403, URN + "token-used", enrol(secret, csr(pair())));
        assertEquals(before, records.state());
    }

    @Test
    void anExpiredTokenIsRefusedThenForgotten() {
        String open = secret();
        String spent = secret();
        KeyPair pair = pair();
        issued(enrol(spent, csr(pair)));
        clock.turn(Duration.ofHours(1));
        refused(403, URN + "token-expired", enrol(open, csr(pair())));
        refused(403, URN + "token-expired", enrol(spent, csr(pair)));
        clock.turn(LIMITS.remembered().plusSeconds(1));
        secret();
        refused(401, URN + "token-unknown", enrol(open, csr(pair())));
    }

    @Test
    void unknownSecretsAreRefusedAndGuessingClosesTheToken() {
        String secret = secret();
        for (String unknown : List.of("", "x", ".", "0011223344556677.x", "y".repeat(5000))) {
            assertEquals(401, enrol(unknown, csr(pair())).status());
        }
        String guess = secret.substring(0, secret.indexOf('.')) + ".guess";
        for (int i = 0; i < LIMITS.wrongSecrets(); i++) {
            refused(401, URN + "token-unknown", enrol(guess, csr(pair())));
        }
        refused(403, URN + "token-closed", enrol(secret, csr(pair())));
    }

    @Test
    void theSecretIsNowhereInTheRecords() {
        String secret = secret();
        issued(enrol(secret, csr(pair())));
        assertFalse(StateDocument.write(records.state()).text().contains(secret.substring(secret.indexOf('.') + 1)));
    }

    @Test
    @Requirement({"ID-029", "ID-031"})
    void aKeyOutsideTheProfileIsRefusedAndTheTokenStaysGood() {
        String secret = secret();
        Response refused =
                enrol(secret, new CredentialRequest(ShortRsa.request()).write().text());
        assertEquals("csr", firstField(refused));
        assertTrue(
                body(refused).toString().contains("ID-031"), () -> body(refused).toString());
        issued(enrol(secret, csr(pair())));
    }

    @Test
    void aMalformedRequestIsRefusedAndTheTokenStaysGood() {
        String secret = secret();
        String good = csr(pair());
        refused(400, "about:blank", enrol(secret, ""));
        refused(400, "about:blank", enrol(secret, good.substring(0, good.length() - 3)));
        refused(413, "about:blank", enrol(secret, " ".repeat(1 << 16)));
        assertEquals("csr", firstField(enrol(secret, "{}")));
        assertEquals("csr", firstField(enrol(secret, "{\"csr\":\"\"}")));
        assertEquals(
                "csr",
                firstField(
                        enrol(
                                secret,
                                "{\"csr\":\"-----BEGIN CERTIFICATE REQUEST-----\\nAAAA\\n-----END CERTIFICATE REQUEST-----\"}")));
        refused(405, "about:blank", sent(Request.get("/x-gantry/v1/enrolments")));
        issued(enrol(secret, good));
    }

    @Seeds(100)
    void anAlteredRequestNeverGetsAnSvidOfAnotherKey(long seed) {
        var chance = new SplittableRandom(seed);
        String secret = secret();
        KeyPair pair = pair();
        char[] body = csr(pair).toCharArray();
        body[chance.nextInt(body.length)] = (char) chance.nextInt(32, 127);
        Response response = enrol(secret, new String(body));
        if (response.status() == 201) {
            assertEquals(pair.getPublic(), issued(response).chain().getFirst().getPublicKey());
        } else {
            assertTrue(
                    response.status() == 400 || response.status() == 422,
                    () -> body(response).toString());
        }
    }

    @Test
    void tooManyTokensAreAConflictUntilSomeAreForgotten() {
        for (int i = 0; i < LIMITS.tokens(); i++) {
            secret();
        }
        refused(409, "about:blank", wish(WISH));
        clock.turn(Duration.ofHours(3));
        secret();
    }

    @Test
    void tooManyIdentitiesAreAConflictButOldOnesMayEnrolAnew() {
        for (int i = 1; i <= LIMITS.identities(); i++) {
            issued(enrol(token(wish(WISH.replace("01", "0" + i))).secret().reveal(), csr(pair())));
        }
        refused(409, "about:blank", wish(WISH.replace("01", "09")));
        secret();
    }

    @Test
    void whoEnrolledIsListed() {
        issued(enrol(secret(), csr(pair())));
        Response list = sent(Request.get("/x-gantry/v1/identities").with("Authorization", "Bearer " + adminKey));
        Tree expected = Json.read(dev.gantry.content.Blob.utf8("{\"identities\":[{\"spiffeId\":\"" + PRESS
                + "\",\"enrolled\":\"2026-02-01T12:00:00Z\",\"expires\":\"2026-02-02T12:00:00Z\"}]}"));
        assertEquals(expected, body(list));
    }

    @Test
    @Requirement("ID-095")
    void anSvidIsRenewedForTheSameIdentity() {
        issued(enrol(secret(), csr(pair())));
        clock.turn(Duration.ofHours(16));
        KeyPair next = pair();
        var renewed = issued(renew(PRESS, csr(next))).verified(FACTORY, clock);
        assertEquals(PRESS, renewed.spiffeId().value());
        assertEquals(next.getPublic(), renewed.chain().getFirst().getPublicKey());
        assertEquals(clock.instant().plus(Duration.ofHours(24)), renewed.expires());
        assertEquals("csr", firstField(renew(PRESS, "{\"csr\":\"x\"}")));
        refused(413, "about:blank", renew(PRESS, " ".repeat(40_000)));
    }

    @Test
    void whoNeverEnrolledRenewsNothing() {
        refused(403, URN + "identity-superseded", renew(PRESS, csr(pair())));
        refused(403, "about:blank", renew("spiffe://factory.example/other", csr(pair())));
        Request request = post("/x-gantry/v1/renewals", "", csr(pair()));
        refused(403, "about:blank", sent(renewals, Caller.anonymous(""), request));
        refused(404, "about:blank", sent(renewals, Caller.anonymous(""), Request.get("/x-gantry/v1/enrolments")));
    }

    @Test
    @Requirement("ID-096")
    void onlyKeysOfTheLastEnrolmentMayRenew() {
        var first = issued(enrol(secret(), csr(pair())));
        var renewed = issued(renew(PRESS, csr(pair())));
        assertTrue(mayRenew(first) && mayRenew(renewed));
        var other = issued(enrol(secret(), csr(pair())));
        assertNotEquals(first.chain(), other.chain());
        assertTrue(mayRenew(other));
        assertFalse(mayRenew(first) || mayRenew(renewed));
    }

    private boolean mayRenew(dev.gantry.identity.enrolment.IssuedCredential credential) {
        return enrolments.mayRenew(
                credential.spiffeId(),
                dev.gantry.identity.SpkiPin.of(credential.chain().getFirst()));
    }
}
