// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import static dev.gantry.wfm.World.OVEN;
import static dev.gantry.wfm.World.PRESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.wire.Body;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.rc3.Paths;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The decision table of the management interface, section 4.
class DeviceApiTest {
    private static final String TYPES = "https://docs.margo.org/specification/problem-types#";
    private static final ManifestVersion TWO = ManifestVersion.FIRST.next();

    private final World world = World.settled();

    private static Blob body(Response response) {
        return response.body().whole(1 << 20);
    }

    private static void assertProblem(int status, String type, Response response) {
        assertEquals(status, response.status());
        assertEquals(Optional.of(MediaTypes.PROBLEM), response.headers().mediaType());
        Tree.Obj problem = (Tree.Obj) Json.read(body(response));
        assertEquals(
                Optional.of(Tree.of(type.startsWith("#") ? TYPES + type.substring(1) : type)), problem.get("type"));
        assertEquals(Optional.of(Tree.of(status)), problem.get("status"));
    }

    private static void assertHeader(String expected, String name, Response response) {
        assertEquals(Optional.of(expected), response.headers().get(name));
    }

    private Response manifest(String... headers) {
        Request request = Request.get(Paths.ROOT.deployments());
        for (int i = 0; i < headers.length; i += 2) {
            request = request.with(headers[i], headers[i + 1]);
        }
        return world.api.handle(PRESS, request);
    }

    @Test
    @Requirement({"MI-031", "MI-032", "MI-037", "MI-039", "MI-041"})
    void theFirstManifestIsServedWithItsTagAndNeverShared() {
        Response response = manifest();
        assertEquals(200, response.status());
        assertEquals(Optional.of(MediaTypes.MANIFEST), response.headers().mediaType());
        assertHeader(Conditions.etag(body(response).digest()), "ETag", response);
        assertHeader("private", "Cache-Control", response);
        assertEquals(
                "{\"bundle\":null,\"deployments\":[],\"manifestVersion\":1}",
                body(response).text());
    }

    @Test
    @Requirement({"MI-035", "MI-036", "DP-033"})
    void anUnchangedManifestIsNotSentAgain() {
        String etag = manifest().headers().get("ETag").orElseThrow();
        for (String condition : List.of(etag, "*", "W/" + etag, "\"other\", " + etag)) {
            Response response = manifest("If-None-Match", condition);
            assertEquals(304, response.status(), condition);
            assertEquals(0, response.body().length());
            assertHeader(etag, "ETag", response);
            assertHeader("private", "Cache-Control", response);
        }
        assertEquals(200, manifest("If-None-Match", "\"sha256:0\"").status());
        world.deployed(PRESS, 1);
        assertEquals(200, manifest("If-None-Match", etag).status());
    }

    @Test
    @Requirement({"MI-033", "MI-034"})
    void whoCannotReadTheManifestIsTold() {
        for (String accept : List.of("text/html", MediaTypes.MANIFEST + ";q=0", "*/*;q=0")) {
            assertProblem(406, "#server-cannot-generate-response", manifest("Accept", accept));
        }
        for (String accept : List.of(MediaTypes.MANIFEST, "*/*", "application/*", "text/html, */*;q=0.1")) {
            assertEquals(200, manifest("Accept", accept).status(), accept);
        }
    }

    @Test
    @Requirement({"MI-053", "MI-054", "MI-055", "MI-056", "MI-057", "MI-061", "DP-020", "DP-022"})
    void documentsAndBundlesAreServedForEver() {
        Deployment deployment = world.deployed(PRESS, 1);
        Head head = world.view(PRESS).head().orElseThrow();
        Blob bundle = head.bundle().orElseThrow();
        String document =
                Paths.ROOT.deployment(deployment.id(), deployment.document().digest());
        assertContent(deployment.document(), MediaTypes.DEPLOYMENT, document);
        assertContent(bundle, MediaTypes.BUNDLE, Paths.ROOT.bundle(bundle.digest()));
    }

    private void assertContent(Blob content, String type, String target) {
        Response response = world.get(PRESS, target);
        assertEquals(200, response.status());
        assertEquals(Optional.of(type), response.headers().mediaType());
        assertEquals(content, body(response));
        assertHeader(Conditions.etag(content.digest()), "ETag", response);
        assertHeader("private, max-age=31536000, immutable", "Cache-Control", response);
        Response again =
                world.api.handle(PRESS, Request.get(target).with("If-None-Match", Conditions.etag(content.digest())));
        assertEquals(304, again.status());
        assertHeader(Conditions.etag(content.digest()), "ETag", again);
    }

    @Test
    @Requirement({"MI-058", "MI-062"})
    void contentThatIsNotThereIsNamed() {
        Deployment deployment = world.deployed(PRESS, 1);
        String digest = Samples.digest("other").value();
        for (String path : List.of(
                deployment.id() + "/" + digest,
                deployment.id() + "/latest",
                deployment.id().toString(),
                Samples.deploymentId(2) + "/" + deployment.document().digest(),
                "no-uuid/" + deployment.document().digest())) {
            assertProblem(404, "#deployment-not-found", world.get(PRESS, Paths.ROOT.deployments() + "/" + path));
        }
        assertProblem(404, "#invalid-bundle", world.get(PRESS, Paths.ROOT.bundles() + "/" + digest));
        assertProblem(404, "#invalid-bundle", world.get(PRESS, Paths.ROOT.bundles() + "/latest"));
        assertProblem(404, "about:blank", world.get(PRESS, "/api/v2/deployments"));
    }

    @Test
    void contentOfTheManifestBeforeIsStillServed() {
        Deployment deployment = world.deployed(PRESS, 1);
        world.operations.withdraw(deployment.id());
        String target =
                Paths.ROOT.deployment(deployment.id(), deployment.document().digest());
        assertEquals(200, world.get(PRESS, target).status());
        world.deployed(PRESS, 2);
        assertEquals(404, world.get(PRESS, target).status());
    }

    @Test
    @Requirement({"MI-007", "MI-008", "MI-009", "ID-105"})
    void anotherClientsResourcesLookAsIfTheyDidNotExist() {
        Deployment deployment = world.deployed(PRESS, 1);
        Blob bundle = world.view(PRESS).head().orElseThrow().bundle().orElseThrow();
        assertProblem(
                404,
                "#deployment-not-found",
                world.get(
                        OVEN,
                        Paths.ROOT.deployment(
                                deployment.id(), deployment.document().digest())));
        assertProblem(404, "#invalid-bundle", world.get(OVEN, Paths.ROOT.bundle(bundle.digest())));
        assertProblem(422, "#semantic-error", world.report(OVEN, 1, ManifestVersion.FIRST, State.INSTALLED));
        assertProblem(
                404,
                "#device-not-found",
                world.api.handle(OVEN, Request.of("DELETE", Paths.ROOT.capabilities() + "/press-07")));
        assertEquals(
                ManifestVersion.FIRST, world.view(OVEN).head().orElseThrow().version());
        assertTrue(world.view(PRESS).statuses().isEmpty());
    }

    @Test
    @Requirement({"ID-089", "ID-091", "ID-092", "MI-012"})
    void whoIsNotAcceptedGetsNothingAndIsRemembered() {
        var stranger = new ClientId("stranger");
        assertProblem(403, "#not-authorized", world.get(stranger, Paths.ROOT.deployments()));
        assertProblem(403, "#not-authorized", world.put(stranger, "x", Blob.EMPTY));
        assertTrue(world.reports.knocks().containsKey(stranger));
        world.operations.retire(PRESS);
        assertProblem(403, "#not-authorized", manifest());
        world.operations.approve(stranger);
        assertEquals(200, world.get(stranger, Paths.ROOT.deployments()).status());
        assertTrue(world.reports.knocks().keySet().stream().noneMatch(stranger::equals));
    }

    @Test
    void otherMethodsAreRefusedWithThoseThatAreTaken() {
        assertMethods("GET, HEAD", Paths.ROOT.deployments(), "POST", "PUT", "DELETE", "PATCH");
        assertMethods("GET, HEAD", Paths.ROOT.bundles() + "/x", "POST", "DELETE");
        assertMethods("POST", Paths.ROOT.status(Samples.deploymentId(1)), "GET", "PUT", "DELETE");
        assertMethods("PUT, DELETE", Paths.ROOT.capabilities() + "/x", "GET", "POST");
    }

    private void assertMethods(String allowed, String target, String... methods) {
        for (String method : methods) {
            Response response = world.api.handle(PRESS, Request.of(method, target));
            assertProblem(405, "about:blank", response);
            assertHeader(allowed, "Allow", response);
        }
    }

    @Test
    @Requirement({"MI-078", "MI-079", "MI-080", "MI-081", "MI-082", "DV-014", "DV-031"})
    void capabilitiesAreCreatedReplacedAndRemoved() {
        Blob gateway = Samples.capabilities("gw", "compose").source();
        Blob child = Samples.capabilities("gw/a", "compose").source();
        assertProblem(404, "#gateway-not-found", world.put(PRESS, "gw/a", child));
        assertEquals(201, world.put(PRESS, "gw", gateway).status());
        assertEquals(200, world.put(PRESS, "gw", gateway).status());
        assertEquals(201, world.put(PRESS, "gw/a", child).status());
        assertProblem(
                403,
                "#not-authorized",
                world.put(PRESS, "gx", Samples.capabilities("gx", "compose").source()));
        assertProblem(422, "#semantic-error", world.put(PRESS, "gw", child));
        Request remove = Request.of("DELETE", Paths.ROOT.capabilities() + "/gw");
        assertEquals(204, world.api.handle(PRESS, remove).status());
        assertProblem(404, "#device-not-found", world.api.handle(PRESS, remove));
        assertEquals(1, world.view(PRESS).devices().size());
    }

    @Test
    @Requirement({"MI-083", "MI-084", "DV-046", "DV-047"})
    void bodiesThatAreWrongAreToldApart() {
        world.deployed(PRESS, 1);
        var id = Samples.deploymentId(1);
        assertProblem(400, "#invalid-request", world.post(PRESS, id, Blob.utf8("{")));
        assertProblem(400, "#invalid-request", world.post(PRESS, id, Blob.EMPTY));
        assertProblem(400, "#invalid-request", world.post(PRESS, id, Blob.utf8(" ".repeat(5_000))));
        assertProblem(422, "#semantic-error", world.post(PRESS, id, Blob.utf8("{}")));
        assertProblem(
                422,
                "#semantic-error",
                world.post(PRESS, id, Samples.report(2, TWO, State.INSTALLED).source()));
        Request untyped = Request.of("POST", Paths.ROOT.status(id))
                .with(
                        "text/plain",
                        Body.of(Samples.report(1, TWO, State.INSTALLED).source()));
        assertProblem(415, "about:blank", world.api.handle(PRESS, untyped));
    }

    @Test
    @Requirement({"MI-106", "DV-037"})
    void theFirstStatusIsCreatedAndLaterOnesAreKept() {
        world.deployed(PRESS, 1);
        Response first = world.report(PRESS, 1, TWO, State.INSTALLING);
        assertEquals(201, first.status());
        assertEquals("{\"acknowledgement\":\"received\"}", body(first).text());
        assertEquals(200, world.report(PRESS, 1, TWO, State.INSTALLED).status());
        assertEquals(
                State.INSTALLED,
                world.view(PRESS)
                        .statuses()
                        .get(Samples.deploymentId(1))
                        .status()
                        .state());
    }

    @Test
    void onlyReadsAreAnsweredFromMemory() {
        assertTrue(world.api.now(PRESS, Request.get(Paths.ROOT.deployments())).isPresent());
        assertTrue(world.api
                .now(PRESS, Request.of("HEAD", Paths.ROOT.deployments()))
                .isPresent());
        assertTrue(world.api
                .now(PRESS, Request.of("POST", Paths.ROOT.status(Samples.deploymentId(1))))
                .isEmpty());
    }

    @Test
    void pathsWithBrokenEscapesAreNotThere() {
        assertProblem(404, "#invalid-bundle", world.get(PRESS, Paths.ROOT.bundles() + "/%zz"));
        assertProblem(
                404,
                "#device-not-found",
                world.api.handle(PRESS, Request.of("DELETE", Paths.ROOT.capabilities() + "/%")));
    }
}
