// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermitTest extends RegistryFixture {
    @Test
    void everybodyMayPullAndOnlyWhoSignsInMayPush() {
        Blob manifest = pushManifest("a", "1.0.0");

        assertEquals(
                manifest, anonymous(Request.get("/v2/a/manifests/1.0.0")).body().whole(1 << 20));
        for (String wrong : List.of(
                "Bearer x", "Bearer PUSH.99999999999.x", "Basic %%%", basic("gantry", "x"), basic("x", TOKEN), "x")) {
            for (String target : List.of("POST /v2/a/blobs/uploads/", "PUT /v2/a/manifests/x", "GET /v2/")) {
                Request request = Request.of(target.split(" ", -1)[0], target.split(" ", -1)[1]);
                refused(401, "UNAUTHORIZED", anonymous(request.with("Authorization", wrong)));
                refused(401, "UNAUTHORIZED", anonymous(request));
            }
        }
        Request start = Request.of("POST", "/v2/a/blobs/uploads/");
        assertEquals(
                202,
                anonymous(start.with("Authorization", basic("gantry", TOKEN))).status());
        assertEquals(
                202, anonymous(start.with("Authorization", "Bearer " + TOKEN)).status());
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private String issued(Response response) {
        assertEquals(200, response.status());
        Tree.Obj body = (Tree.Obj) Json.read(response.body().whole(1 << 20));
        return "Bearer " + ((Tree.Str) body.get("token").orElseThrow()).value();
    }

    @Test
    @Requirement("AD-082")
    void aTokenIsIssuedForPullingToEverybodyAndForPushingToWhoSignsIn() {
        Response challenge = anonymous(Request.get("/v2/").with("Host", "127.0.0.1:5000"));
        assertEquals(
                "Bearer realm=\"http://127.0.0.1:5000/v2/token\",service=\"gantry-registry\"",
                String.join(" | ", challenge.headers().all("WWW-Authenticate")));
        String pull = issued(anonymous(Request.get("/v2/token?scope=x")));
        String push = issued(anonymous(Request.get("/v2/token").with("Authorization", basic("gantry", TOKEN))));
        refused(401, "UNAUTHORIZED", anonymous(Request.get("/v2/token").with("Authorization", basic("gantry", "x"))));
        Request ping = Request.get("/v2/");
        Request start = Request.of("POST", "/v2/a/blobs/uploads/");

        assertEquals(200, anonymous(ping.with("Authorization", pull)).status());
        refused(401, "UNAUTHORIZED", anonymous(start.with("Authorization", pull)));
        refused(401, "UNAUTHORIZED", anonymous(start.with("Authorization", pull.replace("PULL", "PUSH"))));
        assertEquals(202, anonymous(start.with("Authorization", push)).status());
        clock.turn(RegistryLimits.DEFAULT.tokenAge().plusSeconds(1));
        refused(401, "UNAUTHORIZED", anonymous(start.with("Authorization", push)));
    }

    @Test
    void pullingCanNeedASignInToo() {
        pushManifest("a", "1.0.0");
        registry = started(false, RegistryLimits.DEFAULT);

        refused(401, "UNAUTHORIZED", anonymous(Request.get("/v2/a/manifests/1.0.0")));
        refused(401, "UNAUTHORIZED", anonymous(Request.get("/v2/a/tags/list")));
        refused(401, "UNAUTHORIZED", anonymous(Request.get("/v2/token")));
        got("/v2/a/manifests/1.0.0");
    }
}
