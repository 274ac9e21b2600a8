// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import dev.gantry.wire.Body;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryClientTest {
    private static final Reference APP = Reference.parse("registry.example.com/acme/app:1.0.0");
    private static final Blob CONTENT = Blob.utf8("some content");
    private static final Descriptor LAYER = Descriptor.of("text/plain", CONTENT);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<String> sent = new ArrayList<>();

    private RegistryClient client(Function<Request, Response> registry) {
        return client(registry, Credentials.ANONYMOUS, ClientLimits.DEFAULT);
    }

    /// Every request is written down as `origin method target authorization`.
    private RegistryClient client(Function<Request, Response> registry, Credentials credentials, ClientLimits limits) {
        Connections connections = origin -> request -> {
            sent.add(origin + " " + request.method() + " " + request.target()
                    + request.headers()
                            .get("Authorization")
                            .map(value -> " " + value)
                            .orElse(""));
            return registry.apply(request);
        };
        return new RegistryClient(connections, credentials, Access.DEFAULT, limits, clock);
    }

    private static Response ok(Blob blob) {
        return Response.of(200, "application/octet-stream", blob);
    }

    private static Fault fault(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(Fault.class, work);
    }

    @Test
    void aTagIsResolvedByAHeadRequest() {
        RegistryClient client = client(
                _ -> Response.of(200, "Docker-Content-Digest", CONTENT.digest().value()));

        assertEquals(CONTENT.digest(), client.resolve(APP));
        assertEquals(List.of("https://registry.example.com HEAD /v2/acme/app/manifests/1.0.0"), sent);
    }

    @Test
    void aRegistryThatNamesNoDigestIsAskedForTheManifestItself() {
        RegistryClient client = client(_ -> ok(CONTENT));

        assertEquals(CONTENT.digest(), client.resolve(APP));
        assertEquals(2, sent.size());
    }

    @Test
    @Requirement("AD-096")
    void aManifestWithOtherBytesThanItsDigestIsRefused() {
        RegistryClient client = client(_ -> ok(Blob.utf8("{}")));

        Fault fault = fault(() -> client.manifest(APP.withDigest(CONTENT.digest())));

        assertEquals(Fault.Kind.INVALID, fault.kind());
        assertTrue(fault.getMessage().contains("registry.example.com/acme/app@" + CONTENT.digest()), fault::getMessage);
    }

    @Test
    void aManifestWithOtherBytesThanItsHeaderSaysIsRefused() {
        RegistryClient client = client(_ -> ok(Blob.utf8("{}"))
                .with("Docker-Content-Digest", CONTENT.digest().value()));

        assertEquals(Fault.Kind.INVALID, fault(() -> client.manifest(APP)).kind());
    }

    @ParameterizedTest
    @CsvSource({"some content, none", "some_content, INVALID", "some, UNAVAILABLE", "some content and more, INVALID"})
    @Requirement("AD-096")
    void aBlobArrivesWholeOrNotAtAll(String arriving, String kind, @TempDir Path folder) throws IOException {
        RegistryClient client = client(_ -> new Response(
                200,
                Headers.NONE,
                new Body.Stream(new ByteArrayInputStream(Blob.utf8(arriving).toByteArray()), -1)));
        Path file = folder.resolve("blob");

        if (kind.equals("none")) {
            assertEquals(CONTENT, client.blob(APP, LAYER));
            RegistryClient again = client(_ -> ok(CONTENT));
            again.blob(APP, LAYER, file);
            assertEquals("some content", Files.readString(file));
        } else {
            assertEquals(kind, fault(() -> client.blob(APP, LAYER, file)).kind().name());
            try (var left = Files.list(folder)) {
                assertEquals(0, left.count(), "nothing half-done remains");
            }
        }
    }

    @Test
    void aManifestThatBreaksOffMayComeWholeLater() {
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream(new byte[] {'{'}), InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        throw new IOException("connection reset");
                    }
                };
        RegistryClient client = client(_ -> new Response(200, Headers.NONE, new Body.Stream(broken, 100)));

        Fault fault = fault(() -> client.manifest(APP));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(fault.getMessage().contains("acme/app:1.0.0"), fault::getMessage);
    }

    @Test
    void aBlobBeyondTheLimitIsNotEvenAskedFor() {
        var limits = new ClientLimits(10, 5, 5, 100, 10, 10);
        RegistryClient client = client(_ -> ok(CONTENT), Credentials.ANONYMOUS, limits);

        assertEquals(Fault.Kind.INVALID, fault(() -> client.blob(APP, LAYER)).kind());
        assertEquals(List.of(), sent);
        assertEquals(Fault.Kind.INVALID, fault(() -> client.manifest(APP)).kind(), "12 bytes, 10 are allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "404, MISSING, check the name",
        "401, REFUSED, check the user",
        "403, REFUSED, check the user",
        "429, UNAVAILABLE, try again",
        "500, UNAVAILABLE, try again",
        "503, UNAVAILABLE, try again",
        "400, INVALID, 400",
        "200, none, none",
    })
    void everyFailureNamesTheReferenceAndTheNextStep(int status, String kind, String advice) {
        RegistryClient client = client(_ -> Response.of(
                status,
                "application/json",
                Blob.utf8("{\"errors\":[{\"code\":\"SOME_CODE\",\"message\":\"words of the registry\"}]}")));

        if (kind.equals("none")) {
            assertEquals("application/json", client.manifest(APP).mediaType());
        } else {
            Fault fault = fault(() -> client.manifest(APP));
            assertEquals(kind, fault.kind().name());
            assertTrue(fault.getMessage().contains(advice), fault::getMessage);
            assertTrue(fault.getMessage().contains("acme/app"), fault::getMessage);
            assertEquals(status != 401, fault.getMessage().contains("words of the registry"), fault::getMessage);
        }
    }

    @Test
    void aRegistryThatCannotBeReachedIsNamed() {
        var client = new RegistryClient(
                _ -> _ -> {
                    throw new Unreachable("connection refused");
                },
                Credentials.ANONYMOUS,
                Access.DEFAULT,
                ClientLimits.DEFAULT,
                clock);

        Fault fault = fault(() -> client.resolve(APP));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(fault.getMessage().contains("https://registry.example.com"), fault::getMessage);
        assertTrue(fault.getMessage().contains("connection refused"), fault::getMessage);
    }

    private static final Credentials LOGIN =
            Credentials.of(Map.of("registry.example.com", new Credentials.Login("ada", new Secret("s3cret"))));

    private Response tokenRegistry(Request request) {
        if (request.target().startsWith("/token")) {
            return ok(Blob.utf8("{\"token\":\"t1\",\"expires_in\":300}"));
        }
        boolean known = request.headers()
                .get("Authorization")
                .filter("Bearer t1"::equals)
                .isPresent();
        return known
                ? ok(CONTENT)
                : Response.of(
                        401,
                        "WWW-Authenticate",
                        "Bearer realm=\"https://auth.example.com/token\",service=\"reg\",scope=\"repository:acme/app:pull\"");
    }

    @Test
    void aTokenIsFetchedOnceAndKeptUntilItEnds() {
        RegistryClient client = client(this::tokenRegistry, LOGIN, ClientLimits.DEFAULT);

        client.manifest(APP);
        client.manifest(APP);
        assertEquals(
                List.of(
                        "https://registry.example.com GET /v2/acme/app/manifests/1.0.0",
                        "https://auth.example.com GET /token?service=reg&scope=repository%3Aacme%2Fapp%3Apull"
                                + " Basic YWRhOnMzY3JldA==",
                        "https://registry.example.com GET /v2/acme/app/manifests/1.0.0 Bearer t1",
                        "https://registry.example.com GET /v2/acme/app/manifests/1.0.0 Bearer t1"),
                sent);

        clock.turn(Duration.ofMinutes(5));
        client.manifest(APP);
        assertEquals(7, sent.size(), "signed in again");
    }

    @Test
    void withoutALoginAnAnonymousTokenIsFetched() {
        client(this::tokenRegistry).manifest(APP);

        assertFalse(sent.get(1).contains("Basic"), sent.get(1));
    }

    @ParameterizedTest
    @CsvSource({"http://auth.example.com/token", "ftp://auth.example.com/token"})
    void aTokenServiceWithoutTlsIsNotTold(String realm) {
        RegistryClient client = client(
                _ -> Response.of(401, "WWW-Authenticate", "Bearer realm=\"" + realm + "\""),
                LOGIN,
                ClientLimits.DEFAULT);

        assertEquals(Fault.Kind.INVALID, fault(() -> client.manifest(APP)).kind());
        assertEquals(1, sent.size());
    }

    @Test
    void basicIsAnsweredWhereWeHaveALoginAndRefusedWhereNot() {
        Function<Request, Response> registry =
                request -> request.headers().get("Authorization").isPresent()
                        ? ok(CONTENT)
                        : Response.of(401, "WWW-Authenticate", "Negotiate, Basic realm=\"x, y\"");

        assertEquals(
                CONTENT,
                client(registry, LOGIN, ClientLimits.DEFAULT).manifest(APP).blob());
        Fault fault = fault(() -> client(registry).manifest(APP));
        assertEquals(Fault.Kind.REFUSED, fault.kind());
        assertFalse(fault.getMessage().contains("s3cret"));
    }

    @Test
    void aDownloadFollowsARedirectWithoutTellingWhoWeAre() {
        RegistryClient client = client(
                request -> {
                    if (request.target().startsWith("/store")) {
                        return ok(CONTENT);
                    }
                    return request.headers().get("Authorization").isPresent()
                            ? Response.of(307, "Location", "https://store.example.com/store?sig=1")
                            : Response.of(401, "WWW-Authenticate", "Basic realm=\"x\"");
                },
                LOGIN,
                ClientLimits.DEFAULT);

        assertEquals(CONTENT, client.blob(APP, LAYER));
        assertEquals("https://store.example.com GET /store?sig=1", sent.getLast());
    }

    @ParameterizedTest
    @CsvSource({"http://store.example.com/x", "/v2/acme/app/manifests/1.0.0"})
    void aRedirectToPlainHttpOrInCirclesIsRefused(String location) {
        RegistryClient client = client(_ -> Response.of(307, "Location", location));

        assertEquals(Fault.Kind.INVALID, fault(() -> client.manifest(APP)).kind());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5000, http",
        "localhost:5000, http",
        "[::1]:5000, http",
        "127.example.com, https",
        "registry.example.com, https",
        "10.0.0.1:5000, https",
    })
    void plainHttpIsForLoopbackOnly(String registry, String scheme) {
        client(_ -> ok(CONTENT)).manifest(Reference.parse(registry + "/a:1"));

        assertTrue(sent.getFirst().startsWith(scheme + "://" + registry + " "), sent.getFirst());
    }

    @Test
    void tagsAreReadPageByPage() {
        RegistryClient client = client(request -> {
            boolean first = request.query("last").isEmpty();
            Response page = ok(Blob.utf8("{\"name\":\"acme/app\",\"tags\":[\"" + (first ? "1.0.0" : "1.1.0") + "\"]}"));
            return first ? page.with("Link", "</v2/acme/app/tags/list?last=1.0.0>; rel=\"next\"") : page;
        });

        assertEquals(List.of("1.0.0", "1.1.0"), client.tags(APP));
    }

    @Test
    void aListOfTagsWithoutEndIsRefused() {
        RegistryClient client = client(
                _ -> ok(Blob.utf8("{\"name\":\"acme/app\",\"tags\":[\"1.0.0\"]}"))
                        .with("Link", "</v2/acme/app/tags/list?last=1.0.0>; rel=\"next\""),
                Credentials.ANONYMOUS,
                new ClientLimits(100, 100, 100, 100, 5, 5));

        assertEquals(Fault.Kind.INVALID, fault(() -> client.tags(APP)).kind());
    }

    @ParameterizedTest
    @CsvSource({"'{}'", "'[]'", "'{\"tags\":[1]}'", "'not json'"})
    void aListOfTagsThatIsNoneIsRefusedOrEmpty(String body) {
        RegistryClient client = client(_ -> ok(Blob.utf8(body)));

        if (body.equals("{}")) {
            assertEquals(List.of(), client.tags(APP));
        } else {
            assertEquals(Fault.Kind.INVALID, fault(() -> client.tags(APP)).kind());
        }
    }

    @Test
    void anUploadPlaceOutsideTheRegistryIsRefused() {
        ImageLayout layout = ImageLayout.inMemory();
        layout.put(OciTypes.EMPTY, Descriptor.EMPTY);
        layout.put(Manifest.artifact("application/x-test", List.of(), new java.util.LinkedHashMap<>()), "1.0.0");
        RegistryClient client = client(request -> request.method().equals("POST")
                ? Response.of(202, "Location", "https://evil.example.com/upload")
                : Response.of(404));

        assertEquals(
                Fault.Kind.INVALID,
                fault(() -> client.push(layout, "1.0.0", APP)).kind());
    }

    @Test
    void challengesAreReadInAllTheirForms() {
        List<Challenge> challenges = Challenge.parse("Negotiate, Bearer realm=\"a\\\"b\", scope=x , Basic");

        assertEquals(
                List.of("negotiate", "bearer", "basic"),
                challenges.stream().map(Challenge::scheme).toList());
        assertEquals(Optional.of("a\"b"), challenges.get(1).parameter("realm"));
        assertEquals(Optional.of("x"), challenges.get(1).parameter("scope"));
    }
}
