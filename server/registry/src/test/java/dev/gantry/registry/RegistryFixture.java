// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.testkit.ManualClock;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A registry over a temporary folder, and requests to it.
abstract class RegistryFixture {
    static final Blob CONTENT = Blob.utf8("0123456789");
    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String TOKEN = UUID.randomUUID().toString();
    static final Caller CALLER = Caller.anonymous("127.0.0.1");

    @TempDir
    Path folder;

    final ManualClock clock = new ManualClock(Instant.now());
    RegistryHandler registry;

    @BeforeEach
    void start() {
        registry = started(true, RegistryLimits.DEFAULT);
    }

    RegistryHandler started(boolean anonymousPull, RegistryLimits limits) {
        var rules = new Permit.Rules("gantry", new Secret(TOKEN), anonymousPull, "http");
        var permit = new Permit(rules, limits, clock, "a key for tests".getBytes(StandardCharsets.UTF_8));
        return new RegistryHandler(folder, permit, limits, clock, UUID::randomUUID);
    }

    Response anonymous(Request request) {
        return registry.handle(CALLER, request);
    }

    Response send(String method, String target, Body body, String... headers) {
        Request request = new Request(method, target, dev.gantry.wire.Headers.of(headers), body);
        return anonymous(request.with("Authorization", "Bearer " + TOKEN));
    }

    Response send(String method, String target) {
        return send(method, target, Body.empty());
    }

    static String header(Response response, String name) {
        return response.headers().get(name).orElse("");
    }

    static String code(Response response) {
        Tree.Obj body = (Tree.Obj) Json.read(response.body().whole(1 << 20));
        Tree.Obj first =
                (Tree.Obj) ((Tree.Arr) body.get("errors").orElseThrow()).items().getFirst();
        return ((Tree.Str) first.get("code").orElseThrow()).value();
    }

    void refused(int status, String code, Response response) {
        assertEquals(status, response.status());
        assertEquals(code, code(response));
    }

    String startUpload(String repository) {
        Response response = send("POST", "/v2/" + repository + "/blobs/uploads/");
        assertEquals(202, response.status());
        return header(response, "Location");
    }

    Blob pushBlob(String repository, Blob blob) {
        Response done = send("PUT", startUpload(repository) + "?digest=" + blob.digest(), Body.of(blob));
        assertEquals(201, done.status());
        return blob;
    }

    Blob pushManifest(String repository, String reference) {
        Blob config = pushBlob(repository, Blob.utf8("{}"));
        Blob manifest =
                Blob.utf8("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":{\"mediaType\":\"x\","
                        + "\"digest\":\"" + config.digest() + "\",\"size\":2},\"layers\":[],\"annotations\":{\"for\":\""
                        + reference
                        + "\"}}");
        String name = reference.isEmpty() ? manifest.digest().value() : reference;
        Response done =
                send("PUT", "/v2/" + repository + "/manifests/" + name, Body.of(manifest), "Content-Type", MANIFEST);
        assertEquals(201, done.status());
        assertEquals(manifest.digest().value(), header(done, "Docker-Content-Digest"));
        return manifest;
    }

    Blob got(String target) {
        Response response = send("GET", target);
        assertEquals(200, response.status());
        return response.body().whole(1 << 20);
    }
}
