// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Problem.Registered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireTest {
    private static final Request REQUEST = Request.get("/api/v1/deployments?a=1");

    @Test
    @Requirement({"MI-036", "MI-061"})
    void aConditionMatchesItsTagOnly() {
        String etag = Conditions.etag(Blob.EMPTY.digest());
        for (String condition : List.of(etag, "W/" + etag, "*", "\"x\" , " + etag)) {
            assertTrue(Conditions.matches(REQUEST.with("If-None-Match", condition), etag), condition);
        }
        for (String condition : List.of("", "\"x\"", etag.replace("\"", ""), etag.toUpperCase(Locale.ROOT))) {
            assertFalse(Conditions.matches(REQUEST.with("If-None-Match", condition), etag), condition);
        }
        assertFalse(Conditions.matches(REQUEST, etag));
    }

    @Test
    @Requirement({"MI-033", "MI-034"})
    void theMostSpecificRangeDecides() {
        for (String accept : List.of(
                "*/*",
                "application/*;q=0.5",
                MediaTypes.MANIFEST,
                "text/html, */*",
                "*/*;q=0, " + MediaTypes.MANIFEST)) {
            assertTrue(Conditions.accepts(REQUEST.with("Accept", accept), MediaTypes.MANIFEST), accept);
        }
        for (String accept :
                List.of("text/html", "*/*;q=0", "*/*, " + MediaTypes.MANIFEST + ";q=0.000", ",", ";;q=0")) {
            assertFalse(Conditions.accepts(REQUEST.with("Accept", accept), MediaTypes.MANIFEST), accept);
        }
        assertTrue(Conditions.accepts(REQUEST, MediaTypes.MANIFEST));
    }

    @Test
    @Requirement({"MI-015", "MI-016", "MI-017", "MI-022", "MI-024"})
    void aProblemIsReadAsItWasWritten() {
        var findings = List.of(new Finding("properties.id", "MI-080", "is missing"));
        Response response =
                Registered.SEMANTIC_ERROR.because("two things", findings).response(REQUEST);
        assertEquals(422, response.status());
        assertEquals(Optional.of(MediaTypes.PROBLEM), response.headers().mediaType());
        String text = response.body().whole(1 << 16).text();
        assertTrue(text.contains("\"instance\":\"/api/v1/deployments\""), text);
        assertTrue(text.contains("\"field\":\"properties.id\""), text);
        assertTrue(text.contains("\"retryable\":false"), text);
        Problem read = Problem.read(response);
        assertEquals(Registered.SEMANTIC_ERROR.uri(), read.type());
        assertEquals("two things", read.detail());
        assertFalse(read.retryable());
    }

    @Test
    @Requirement({"MI-026", "MI-029"})
    void theHeaderSaysHowLongToWait() {
        Response busy = Problem.blank(503, "busy").response(REQUEST);
        assertEquals(Optional.of("5"), busy.headers().get("Retry-After"));
        assertEquals(Optional.of(Duration.ofSeconds(5)), Problem.read(busy).retryAfter());
        Response longer = Response.of(503, "Retry-After", "70");
        assertEquals(Optional.of(Duration.ofSeconds(70)), Problem.read(longer).retryAfter());
        assertTrue(Problem.read(Response.of(429)).retryable());
        assertFalse(Problem.read(Response.of(501, "Retry-After", "1")).retryable());
    }

    @Test
    @Requirement("MI-019")
    void aRefusalThatIsNoProblemDocumentIsReadByItsStatus() {
        for (String body : List.of("", "<html>", "[]", "{\"title\":7}", "{\"retryAfterSeconds\":\"x\"}", "{}")) {
            Problem read = Problem.read(Response.of(502, MediaTypes.PROBLEM, Blob.utf8(body)));
            assertEquals(502, read.status(), body);
            assertEquals(Problem.BLANK, read.type(), body);
            assertTrue(read.retryable(), body);
        }
        Blob large = Blob.of(new byte[1 << 17]);
        assertEquals(
                403, Problem.read(Response.of(403, MediaTypes.PROBLEM, large)).status());
    }

    @Test
    void whatIsOursToRepairIsNotTold() {
        for (Fault.Kind kind : Fault.Kind.values()) {
            Problem problem = Problem.of(new Fault(kind, "the secret of " + kind));
            boolean ours = kind == Fault.Kind.BROKEN || kind == Fault.Kind.UNAVAILABLE;
            assertEquals(!ours, problem.detail().contains("secret"), kind.toString());
        }
    }

    @Test
    void aBodyBeyondItsLimitIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("part"), "0123456789");
        byte[] ten = "0123456789".getBytes(StandardCharsets.UTF_8);
        for (Body body : List.of(
                Body.of(Blob.of(ten)),
                new Body.FilePart(file, 0, 10),
                new Body.Stream(new ByteArrayInputStream(ten), -1))) {
            assertThrows(Fault.class, () -> body.whole(9), body.toString());
        }
        assertEquals("345", new Body.FilePart(file, 3, 3).whole(10).text());
        assertEquals(
                "0123456789",
                new Body.Stream(new ByteArrayInputStream(ten), -1).whole(10).text());
        assertEquals(0, Body.empty().length());
    }

    @Test
    void aQueryIsReadFromTheTarget() {
        Request request = Request.get("/x?a=1&b=%C3%A9+c&d&a=2");
        assertEquals("/x", request.rawPath());
        assertEquals(Optional.of("1"), request.query("a"));
        assertEquals(Optional.of("é c"), request.query("b"));
        assertEquals(Optional.of(""), request.query("d"));
        assertEquals(Optional.empty(), request.query("e"));
        assertEquals(Optional.empty(), Request.get("/x").query("a"));
        assertThrows(Fault.class, () -> Request.get("/x?a=%zz").query("a"));
    }

    @Test
    void headersAreFoundWhateverTheirCase() {
        Headers headers = Headers.of("Accept", "a", "content-type", "Text/YAML; charset=utf-8")
                .and("ACCEPT", "b");
        assertEquals(Optional.of("a, b"), headers.get("accept"));
        assertEquals(Optional.of("text/yaml"), headers.mediaType());
        assertEquals(Optional.empty(), headers.get("ETag"));
    }
}
