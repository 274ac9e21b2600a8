// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.Memory.Accepted;
import dev.gantry.agent.WfmClient.RefusedByWfm;
import dev.gantry.agent.WfmClient.Untrustworthy;
import dev.gantry.content.Blob;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.spec.StateManifest;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.rc3.Bundles;
import dev.gantry.wire.rc3.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WfmClientTest {
    private static final ManifestVersion ONE = ManifestVersion.FIRST;
    private static final ManifestVersion TWO = ONE.next();

    private final List<Request> sent = new ArrayList<>();

    private WfmClient answering(Response response) {
        return new WfmClient(
                request -> {
                    sent.add(request);
                    return response;
                },
                Paths.ROOT);
    }

    private static SortedMap<DeploymentId, Blob> documents(int count) {
        var documents = new TreeMap<DeploymentId, Blob>();
        for (int number = 1; number <= count; number++) {
            documents.put(Bench.id(number), Bench.document(number, "1.0.0"));
        }
        return documents;
    }

    private static Response manifest(Blob body) {
        return Response.of(200, MediaTypes.MANIFEST, body).with("ETag", Conditions.etag(body.digest()));
    }

    private static Accepted accepted(ManifestVersion version, SortedMap<DeploymentId, Blob> documents) {
        Blob manifest = Bench.manifest(version, documents);
        return new Accepted(version, Conditions.etag(manifest.digest()), new TreeMap<>(), false);
    }

    private void assertUntrustworthy(String reason, Response response, Optional<Accepted> known) {
        var refusal =
                assertThrows(Untrustworthy.class, () -> answering(response).poll(known));
        assertTrue(refusal.reason().contains(reason), refusal.reason());
    }

    private void assertUntrustworthy(String reason, String text) {
        assertUntrustworthy(reason, manifest(Blob.utf8(text)), Optional.empty());
    }

    @Test
    @Requirement({"MI-035", "MI-070"})
    void aNewerManifestIsWanted() throws Exception {
        Blob body = Bench.manifest(TWO, documents(2));
        Wanted wanted = answering(manifest(body))
                .poll(Optional.of(accepted(ONE, documents(0))))
                .orElseThrow();
        assertEquals(TWO, wanted.version());
        assertEquals(Conditions.etag(body.digest()), wanted.etag());
        assertEquals(
                Optional.of(accepted(ONE, documents(0)).etag()),
                sent.getFirst().headers().get("If-None-Match"));
        assertEquals(Optional.of(MediaTypes.MANIFEST), sent.getFirst().headers().get("Accept"));
    }

    @Test
    void anUnchangedManifestIsNotWanted() throws Exception {
        Accepted known = accepted(TWO, documents(1));
        assertEquals(Optional.empty(), answering(Response.of(304)).poll(Optional.of(known)));
        assertEquals(
                Optional.empty(),
                answering(manifest(Bench.manifest(TWO, documents(1)))).poll(Optional.of(known)));
    }

    @Test
    void unchangedIsNoAnswerForWhoHasNothing() {
        assertThrows(RefusedByWfm.class, () -> answering(Response.of(304)).poll(Optional.empty()));
    }

    @Test
    @Requirement({"MI-070", "MI-071", "DP-035"})
    void anOlderManifestAndAnotherOneOfTheSameVersionAreRefused() {
        Optional<Accepted> known = Optional.of(accepted(TWO, documents(1)));
        assertUntrustworthy("MI-070", manifest(Bench.manifest(ONE, documents(1))), known);
        assertUntrustworthy("MI-070", manifest(Bench.manifest(TWO, documents(2))), known);
    }

    @Test
    @Requirement("MI-068")
    void aManifestOfAnotherMediaTypeIsRefused() {
        Blob body = Bench.manifest(ONE, documents(1));
        String etag = Conditions.etag(body.digest());
        assertUntrustworthy(
                "media type", Response.of(200, MediaTypes.JSON, body).with("ETag", etag), Optional.empty());
    }

    @Test
    @Requirement("MI-037")
    void aManifestWhoseTagIsNotItsDigestIsRefused() {
        Blob body = Bench.manifest(ONE, documents(1));
        assertUntrustworthy("MI-037", Response.of(200, MediaTypes.MANIFEST, body), Optional.empty());
        assertUntrustworthy(
                "MI-037",
                Response.of(200, MediaTypes.MANIFEST, body).with("ETag", Conditions.etag(Blob.EMPTY.digest())),
                Optional.empty());
        assertUntrustworthy(
                "MI-037",
                Response.of(200, MediaTypes.MANIFEST, body).with("ETag", "W/" + Conditions.etag(body.digest())),
                Optional.empty());
    }

    @Test
    @Requirement({"MI-040", "MI-043", "MI-047", "MI-050", "MI-063"})
    void aManifestThatBreaksARuleIsRefusedAsAWhole() {
        String good = Bench.manifest(ONE, documents(1)).text();
        assertUntrustworthy("not JSON", good.substring(1));
        assertUntrustworthy("manifestVersion", good.replace("\"manifestVersion\":1", "\"manifestVersion\":0"));
        assertUntrustworthy("manifestVersion", good.replace("\"manifestVersion\":1", "\"manifestVersion\":\"1\""));
        assertUntrustworthy("sha256", good.replace("\"digest\":\"sha256:", "\"digest\":\"sha512:"));
        assertUntrustworthy("MI-050", good.replace("/api/v1/deployments/", "/api/v1/other/"));
        assertUntrustworthy("MI-047", good.replace("/api/v1/bundles/", "https://example.com/bundles/"));
        assertUntrustworthy("MI-043", good.replaceAll("\"bundle\":\\{[^}]*}", "\"bundle\":null"));
    }

    @Test
    @Requirement({"MI-026", "MI-029"})
    void aRefusalTellsHowLongToWait() {
        Response busy = Problem.blank(503, "later").response(Request.get("/")).with("Retry-After", "7");
        var refusal = assertThrows(RefusedByWfm.class, () -> answering(busy).poll(Optional.empty()));
        assertEquals(503, refusal.problem().status());
        assertTrue(refusal.problem().retryable());
    }

    private static StateManifest read(SortedMap<DeploymentId, Blob> documents) {
        return StateManifest.read(Bench.manifest(ONE, documents)).value();
    }

    private Blob fetched(Response response) throws Exception {
        return answering(response).document(read(documents(1)).deployments().getFirst());
    }

    @Test
    @Requirement({"MI-048", "MI-066", "MI-067", "DP-021"})
    void aDocumentIsTakenOnlyWithItsDigestAndItsId() throws Exception {
        Blob document = Bench.document(1, "1.0.0");
        assertEquals(document, fetched(Response.of(200, MediaTypes.DEPLOYMENT, document)));
        assertThrows(
                Untrustworthy.class,
                () -> fetched(Response.of(200, MediaTypes.DEPLOYMENT, Bench.document(1, "1.0.1"))));
        assertThrows(RefusedByWfm.class, () -> fetched(Response.of(404)));
        var swapped = new TreeMap<DeploymentId, Blob>();
        swapped.put(Bench.id(1), Bench.document(2, "1.0.0"));
        var refusal = assertThrows(
                Untrustworthy.class,
                () -> answering(Response.of(200, MediaTypes.DEPLOYMENT, Bench.document(2, "1.0.0")))
                        .document(read(swapped).deployments().getFirst()));
        assertTrue(refusal.reason().contains("MI-048"), refusal.reason());
    }

    @Test
    @Requirement({"MI-059", "MI-066", "MI-067"})
    void aBundleIsTakenOnlyWhenItIsExactlyTheManifests() throws Exception {
        StateManifest manifest = read(documents(2));
        Response whole = Response.of(200, MediaTypes.BUNDLE, Bundles.write(documents(2)));
        assertEquals(documents(2), answering(whole).bundle(manifest));
        for (int other : new int[] {1, 3}) {
            Response wrong = Response.of(200, MediaTypes.BUNDLE, Bundles.write(documents(other)));
            assertThrows(Untrustworthy.class, () -> answering(wrong).bundle(manifest));
        }
        assertThrows(RefusedByWfm.class, () -> answering(Response.of(404)).bundle(manifest));
    }

    private boolean told(int status) throws Exception {
        return answering(Response.of(status))
                .tell(new DeploymentStatus(
                        Bench.id(1), Optional.empty(), ONE, State.INSTALLED, Optional.empty(), List.of()));
    }

    @Test
    @Requirement({"MI-075", "DV-037"})
    void aReportIsHeardOrNeverWantedOrTriedAgain() throws Exception {
        for (int status : new int[] {200, 201, 204, 400, 404, 405, 413, 415, 422}) {
            assertTrue(told(status), "status " + status);
        }
        for (int status : new int[] {302, 401, 403, 408, 409, 429, 500, 502, 503}) {
            assertThrows(RefusedByWfm.class, () -> told(status), "status " + status);
        }
    }

    /// A bundle that is gone is replaced by single documents; a 404 deletes nothing.
    @Test
    @Requirement("MI-062")
    void aMissingBundleFallsBackToSingleDocuments() {
        var bench = new Bench();
        bench.wanted.putAll(documents(3));
        Bench.settle(bench.agent());
        assertEquals(3, bench.engine.size());
        List<String> targets = bench.requests.stream().map(Request::target).toList();
        assertEquals(
                1,
                targets.stream().filter(target -> target.contains("/bundles/")).count());
        assertFalse(bench.memory.accepted().isEmpty());
    }
}
