// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryHandlerTest extends RegistryFixture {
    @Test
    void aBlobIsPushedInOneRequestInTwoAndInChunks() {
        Blob two = pushBlob("a/b", CONTENT);
        Blob one = Blob.utf8("in one request");
        Response single = send("POST", "/v2/a/b/blobs/uploads/?digest=" + one.digest(), Body.of(one));
        assertEquals(201, single.status());
        assertEquals("/v2/a/b/blobs/" + one.digest(), header(single, "Location"));
        Blob chunked = Blob.utf8("0123456789abcdef");
        String place = startUpload("a/b");
        Response first = send("PATCH", place, Body.of(Blob.utf8("0123456789")), "Content-Range", "0-9");
        assertEquals(202, first.status());
        assertEquals("0-9", header(first, "Range"));
        assertEquals("0-9", header(send("GET", place), "Range"));
        Response second = send("PATCH", place, Body.of(Blob.utf8("abcd")));
        assertEquals("0-13", header(second, "Range"));
        Response last =
                send("PUT", place + "?digest=" + chunked.digest(), Body.of(Blob.utf8("ef")), "Content-Range", "14-15");
        assertEquals(201, last.status());

        for (Blob blob : List.of(one, two, chunked)) {
            assertEquals(blob, got("/v2/a/b/blobs/" + blob.digest()));
        }
    }

    @ParameterizedTest
    @CsvSource({"1-5", "11-12", "5-4", "x-y", "-5"})
    void aChunkThatDoesNotFollowIsRefusedAndChangesNothing(String range) {
        String place = startUpload("a");
        send("PATCH", place, Body.of(CONTENT), "Content-Range", "0-9");

        Response response = send("PATCH", place, Body.of(Blob.utf8("01234")), "Content-Range", range);

        assertTrue(response.status() == 416 || response.status() == 400, "status " + response.status());
        assertEquals("BLOB_UPLOAD_INVALID", code(response));
        assertEquals("0-9", header(send("GET", place), "Range"));
    }

    @Test
    void aChunkWithAnotherLengthThanItsRangeIsRefusedAndChangesNothing() {
        String place = startUpload("a");

        refused(400, "SIZE_INVALID", send("PATCH", place, Body.of(CONTENT), "Content-Range", "0-8"));
        assertEquals("0-0", header(send("GET", place), "Range"));
    }

    @Test
    void aChunkThatBreaksOffIsTakenBack() throws IOException {
        String place = startUpload("a");
        InputStream broken = new InputStream() {
            private int rest = 5;

            @Override
            public int read() throws IOException {
                if (rest-- <= 0) {
                    throw new IOException("connection reset");
                }
                return 'x';
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }
        };

        assertEquals(503, send("PATCH", place, new Body.Stream(broken, -1)).status());
        var truncated = new ByteArrayInputStream(new byte[3]);
        refused(400, "SIZE_INVALID", send("PATCH", place, new Body.Stream(truncated, 10)));
        refused(
                503,
                "UNAVAILABLE",
                send("PUT", "/v2/a/manifests/x", new Body.Stream(broken, 10), "Content-Type", MANIFEST));

        assertEquals("0-0", header(send("GET", place), "Range"));
        assertEquals(
                201,
                send("PUT", place + "?digest=" + CONTENT.digest(), Body.of(CONTENT))
                        .status());
    }

    @Test
    @Requirement("AD-096")
    void contentWithAnotherDigestNeverAppears() throws IOException {
        String other = Digest.of(new byte[1]).value();

        refused(400, "DIGEST_INVALID", send("PUT", startUpload("a") + "?digest=" + other, Body.of(CONTENT)));
        refused(400, "DIGEST_INVALID", send("POST", "/v2/a/blobs/uploads/?digest=" + other, Body.of(CONTENT)));
        refused(400, "DIGEST_INVALID", send("PUT", startUpload("a"), Body.of(CONTENT)));
        refused(400, "DIGEST_INVALID", send("PUT", startUpload("a") + "?digest=sha512:00", Body.of(CONTENT)));
        refused(404, "BLOB_UNKNOWN", send("GET", "/v2/a/blobs/" + other));
        refused(404, "BLOB_UNKNOWN", send("GET", "/v2/a/blobs/" + CONTENT.digest()));
        try (var left = Files.list(folder.resolve("blobs/sha256"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void anUploadCanBeCancelledAndIsKnownToItsRepositoryOnly() {
        String place = startUpload("a");

        refused(404, "BLOB_UPLOAD_UNKNOWN", send("GET", place.replace("/v2/a/", "/v2/b/")));
        assertEquals(204, send("DELETE", place).status());
        refused(404, "BLOB_UPLOAD_UNKNOWN", send("GET", place));
        refused(404, "BLOB_UPLOAD_UNKNOWN", send("PATCH", "/v2/a/blobs/uploads/..", Body.of(CONTENT)));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0123, 0-3",
        "bytes=4-, 206, 456789, 4-9",
        "bytes=-2, 206, 89, 8-9",
        "bytes=8-99, 206, 89, 8-9",
        "'bytes=0-1,4-5', 200, 0123456789, ''",
        "bytes=-, 200, 0123456789, ''",
        "lines=1-2, 200, 0123456789, ''",
    })
    void aRangeOfABlob(String range, int status, String bytes, String part) {
        pushBlob("a", CONTENT);

        Response response = send("GET", "/v2/a/blobs/" + CONTENT.digest(), Body.empty(), "Range", range);

        assertEquals(status, response.status());
        assertEquals(bytes, response.body().whole(100).text());
        assertEquals(part.isEmpty() ? "" : "bytes " + part + "/10", header(response, "Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=5-4", "bytes=-0"})
    void aRangeOutsideOfABlobIsRefused(String range) {
        pushBlob("a", CONTENT);

        Response response = send("GET", "/v2/a/blobs/" + CONTENT.digest(), Body.empty(), "Range", range);

        assertEquals(416, response.status());
        assertEquals("bytes */10", header(response, "Content-Range"));
    }

    @Test
    void aMountedBlobIsThereWithoutAnUpload() {
        pushBlob("a", CONTENT);
        String mount = "/blobs/uploads/?mount=" + CONTENT.digest() + "&from=";

        refused(404, "BLOB_UNKNOWN", send("GET", "/v2/b/blobs/" + CONTENT.digest()));
        assertEquals(202, send("POST", "/v2/b" + mount + "unknown").status(), "an ordinary upload begins");
        assertEquals(201, send("POST", "/v2/b" + mount + "a").status());
        assertEquals(CONTENT, got("/v2/b/blobs/" + CONTENT.digest()));
    }

    @Test
    void aManifestIsKeptByTagAndDigestWithItsTypeAndBytes() {
        Blob first = pushManifest("a", "1.0.0");
        Blob second = pushManifest("a", "latest");
        pushManifest("a", "");

        assertEquals(first, got("/v2/a/manifests/1.0.0"));
        assertEquals(first, got("/v2/a/manifests/" + first.digest()));
        assertEquals(first, got("/v2/a/manifests/" + first.digest().value().replace(":", "%3A")));
        Response head = send("HEAD", "/v2/a/manifests/latest");
        assertEquals(MANIFEST, header(head, "Content-Type"));
        assertEquals(second.digest().value(), header(head, "Docker-Content-Digest"));
        assertEquals(second.size(), head.body().length());
        refused(404, "MANIFEST_UNKNOWN", send("GET", "/v2/a/manifests/2.0.0"));
        refused(404, "MANIFEST_UNKNOWN", send("GET", "/v2/b/manifests/" + first.digest()));
    }

    @Test
    void aTagMoves() {
        Blob first = pushManifest("a", "x");
        Blob moved = Blob.utf8(first.text().replace("\"x\"", "\"y\""));
        send("PUT", "/v2/a/manifests/x", Body.of(moved), "Content-Type", MANIFEST);

        assertEquals(moved, got("/v2/a/manifests/x"));
        assertEquals(first, got("/v2/a/manifests/" + first.digest()), "still there by its digest");
    }

    @Test
    void aManifestWhosePartsAreMissingIsRefused() {
        String missing = Digest.of(new byte[3]).value();
        Blob there = pushBlob("a", CONTENT);

        for (List<String> digests : List.of(
                List.of(missing, there.digest().value()), List.of(there.digest().value(), missing))) {
            Body body = Body.of(Blob.utf8("{\"config\":{\"digest\":\"" + digests.get(0)
                    + "\"},\"layers\":[{\"digest\":\"" + digests.get(1) + "\"}]}"));
            refused(404, "MANIFEST_BLOB_UNKNOWN", send("PUT", "/v2/a/manifests/x", body, "Content-Type", MANIFEST));
        }
        Body index = Body.of(Blob.utf8("{\"manifests\":[{\"digest\":\"" + there.digest() + "\"}]}"));
        refused(404, "MANIFEST_BLOB_UNKNOWN", send("PUT", "/v2/a/manifests/x", index, "Content-Type", MANIFEST));
        refused(404, "MANIFEST_UNKNOWN", send("GET", "/v2/a/manifests/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "no json",
                "{\"layers\":{}}",
                "{\"layers\":[1]}",
                "{\"config\":{\"digest\":1}}",
                "{\"mediaType\":\"application/x\"}",
            })
    void whatIsNoManifestIsRefused(String text) {
        refused(
                400,
                "MANIFEST_INVALID",
                send("PUT", "/v2/a/manifests/x", Body.of(Blob.utf8(text)), "Content-Type", MANIFEST));
    }

    @Test
    void aManifestIsRefusedForAWrongDigestANoTypeAndItsSize() {
        Body body = Body.of(Blob.utf8("{}"));

        refused(
                400,
                "DIGEST_INVALID",
                send("PUT", "/v2/a/manifests/" + CONTENT.digest(), body, "Content-Type", MANIFEST));
        refused(400, "MANIFEST_INVALID", send("PUT", "/v2/a/manifests/x", body));
        Body large = new Body.Stream(new ByteArrayInputStream(new byte[1]), 5 << 20);
        refused(413, "SIZE_INVALID", send("PUT", "/v2/a/manifests/x", large, "Content-Type", MANIFEST));
        Body truncated = new Body.Stream(new ByteArrayInputStream(new byte[] {'{', '}'}), 100);
        refused(400, "SIZE_INVALID", send("PUT", "/v2/a/manifests/x", truncated, "Content-Type", MANIFEST));
    }

    @Test
    @Requirement("AD-072")
    void tagsAreListedInPages() {
        for (String tag : List.of("1.1.0", "1.0.0", "latest")) {
            pushManifest("a/b", tag);
        }

        assertEquals(
                "{\"name\":\"a/b\",\"tags\":[\"1.0.0\",\"1.1.0\",\"latest\"]}",
                got("/v2/a/b/tags/list").text());
        Response page = send("GET", "/v2/a/b/tags/list?n=2");
        assertEquals("</v2/a/b/tags/list?n=2&last=1.1.0>; rel=\"next\"", header(page, "Link"));
        assertEquals(
                "{\"name\":\"a/b\",\"tags\":[\"latest\"]}",
                got("/v2/a/b/tags/list?n=2&last=1.1.0").text());
        assertEquals(
                "{\"name\":\"a/b\",\"tags\":[]}", got("/v2/a/b/tags/list?n=0").text());
        refused(404, "NAME_UNKNOWN", send("GET", "/v2/a/tags/list"));
        assertEquals(400, send("GET", "/v2/a/b/tags/list?n=x").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/../blobs/uploads/", "/v2/a/../../etc/blobs/uploads/", "/v2/A/blobs/uploads/",
                        "/v2/_a/blobs/uploads/",
                "/v2/a//b/blobs/uploads/", "/v2/a%2f..%2fb/blobs/uploads/", "/v2/./blobs/uploads/",
                        "/v2/a./blobs/uploads/",
            })
    void aNameThatCouldLeaveTheFolderIsRefused(String target) {
        refused(400, "NAME_INVALID", send("POST", target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".x", "%2e%2e", "-x", "a%2fb", "x y"})
    void aTagThatCouldLeaveTheFolderIsRefused(String tag) {
        refused(
                400,
                "MANIFEST_INVALID",
                send("PUT", "/v2/a/manifests/" + tag, Body.of(Blob.utf8("{}")), "Content-Type", MANIFEST));
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /v2/a/manifests/x",
        "POST, /v2/a/manifests/x",
        "PUT, /v2/a/tags/list",
        "GET, /v2/a/blobs/uploads/"
    })
    void aMethodThatIsNotOfferedIsNamed(String method, String target) {
        refused(405, "UNSUPPORTED", send(method, target));
    }

    @Test
    void contentAndUnfinishedUploadsSurviveARestart() throws IOException {
        Blob manifest = pushManifest("a", "1.0.0");
        String place = startUpload("a");
        send("PATCH", place, Body.of(Blob.utf8("01234")));
        Files.writeString(folder.resolve("blobs/sha256/.new-left-by-a-kill"), "half");

        registry = started(true, RegistryLimits.DEFAULT);

        assertEquals(manifest, got("/v2/a/manifests/1.0.0"));
        assertEquals(
                201,
                send("PUT", place + "?digest=" + CONTENT.digest(), Body.of(Blob.utf8("56789")))
                        .status());
        assertEquals(CONTENT, got("/v2/a/blobs/" + CONTENT.digest()));
        try (var left = Files.list(folder.resolve("blobs/sha256"))) {
            assertTrue(left.noneMatch(file -> file.getFileName().toString().startsWith(".")));
        }
    }

    @Test
    void limitsHold() {
        registry = started(true, new RegistryLimits(9, 100, 2, Duration.ofHours(1), 1, Duration.ofMinutes(1)));

        refused(413, "SIZE_INVALID", send("POST", "/v2/a/blobs/uploads/?digest=" + CONTENT.digest(), Body.of(CONTENT)));
        startUpload("a");
        startUpload("b");
        refused(429, "TOOMANYREQUESTS", send("POST", "/v2/c/blobs/uploads/"));
        clock.turn(Duration.ofHours(2));
        startUpload("c");
    }

    @Test
    void theSameBlobPushedManyTimesAtOnceIsThereOnce() throws InterruptedException, ExecutionException, IOException {
        Blob blob = Blob.of(new byte[1 << 20]);
        List<Future<Integer>> running = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                String target = "/v2/r" + i % 4 + "/blobs/uploads/?digest=" + blob.digest();
                Callable<Integer> push =
                        () -> send("POST", target, Body.of(blob)).status();
                running.add(threads.submit(push));
            }
        }
        for (Future<Integer> one : running) {
            assertEquals(201, one.get());
        }
        assertEquals(blob, send("GET", "/v2/r3/blobs/" + blob.digest()).body().whole(2 << 20));
        try (var files = Files.list(folder.resolve("blobs/sha256"));
                var uploads = Files.list(folder.resolve("uploads"))) {
            assertEquals(1, files.count());
            assertEquals(0, uploads.count());
        }
    }
}
