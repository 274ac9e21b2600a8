// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {
    private static final String GET = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final ListenerLimits.Times SHORT = new ListenerLimits.Times(
            Duration.ofSeconds(5),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofHours(1),
            Duration.ofMillis(500));

    private final AtomicReference<HttpServer> running = new AtomicReference<>();

    private HttpServer serve(Handler handler) {
        return serve(ListenerLimits.DEFAULT, handler);
    }

    private HttpServer serve(ListenerLimits limits, Handler handler) {
        running.set(HttpServer.start(ListenerConfig.of("test", "127.0.0.1", 0).within(limits), handler));
        return running.get();
    }

    @AfterEach
    void stop() {
        if (running.get() != null) {
            running.get().close();
        }
    }

    private static Response text(String text) {
        return Response.of(200, "text/plain", Blob.utf8(text));
    }

    @Test
    void answersInTheOrderOfPipelinedRequests() throws IOException {
        var first = new CountDownLatch(1);
        Handler handler = new Handler() {
            @Override
            public Response handle(Caller caller, Request request) {
                first.countDown();
                return text("slow");
            }

            @Override
            public Optional<Response> now(Caller caller, Request request) {
                return request.target().equals("/slow") ? Optional.empty() : Optional.of(text(request.target()));
            }
        };
        HttpServer server = serve(handler);
        try (var wire = new Wire(server.port())) {
            wire.say(GET + "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + GET + "GET /y HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(wire.answer().endsWith("/x"));
            assertTrue(wire.answer().endsWith("slow"));
            assertTrue(wire.answer().endsWith("/x"));
            assertTrue(wire.answer().endsWith("/y"));
            assertTrue(wire.say(GET).answer().endsWith("/x"), "the connection is kept");
        }
    }

    @Test
    void pipelinedBodiesReachTheirOwnRequests() throws IOException {
        HttpServer server = serve((_, request) -> text(request.body().whole(100).text()));
        try (var wire = new Wire(server.port())) {
            String chunked =
                    "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\non\r\n1\r\ne\r\n0\r\n\r\n";
            wire.say(chunked + "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo" + GET + chunked);
            assertTrue(wire.answer().endsWith("\r\n\r\none"));
            assertTrue(wire.answer().endsWith("\r\n\r\ntwo"));
            assertTrue(wire.answer().endsWith("\r\n\r\n"));
            assertTrue(wire.answer().endsWith("\r\n\r\none"));
        }
    }

    @Test
    void tooManyPipelinedRequestsEndTheConnectionAfterTheOthers() throws IOException {
        var go = new CountDownLatch(1);
        HttpServer server = serve((_, _) -> {
            await(go);
            return text("done");
        });
        try (var wire = new Wire(server.port())) {
            // So many that most are still unread when the connection ends: that must not cost the last answers.
            wire.say(GET.repeat(5000));
            go.countDown();
            String all = wire.rest();
            int allowed = 1 + ListenerLimits.DEFAULT.sizes().pipelined();
            assertEquals(allowed, all.split("HTTP/1.1 200 ", -1).length - 1, all);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void headTellsTheLengthAndSendsNothing() throws IOException {
        HttpServer server = serve((_, _) -> text("four"));
        try (var wire = new Wire(server.port())) {
            String head = wire.say("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n").head();
            assertTrue(head.toLowerCase(Locale.ROOT).contains("content-length: 4\r\n"), head);
            assertTrue(wire.say(GET).answer().startsWith("HTTP/1.1 200 "), "nothing of a body stands in between");
        }
    }

    @Test
    void headOfAStreamTellsItsLengthAndClosesIt() throws IOException {
        var closed = new CountDownLatch(1);
        HttpServer server = serve((_, _) -> new Response(
                200,
                Headers.NONE,
                new Body.Stream(
                        new ByteArrayInputStream(new byte[7]) {
                            @Override
                            public void close() {
                                closed.countDown();
                            }
                        },
                        7)));
        try (var wire = new Wire(server.port())) {
            String head = wire.say("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n").head();
            assertTrue(head.toLowerCase(Locale.ROOT).contains("content-length: 7\r\n"), head);
            await(closed);
        }
    }

    @ParameterizedTest
    @CsvSource({"204", "304"})
    void anAnswerThatCarriesNothingHasNoBody(int status) throws IOException {
        HttpServer server =
                serve((_, _) -> new Response(status, Headers.of("ETag", "\"a\""), Body.of(Blob.utf8("no"))));
        try (var wire = new Wire(server.port())) {
            String head = wire.say(GET + GET).head();
            assertTrue(head.startsWith("HTTP/1.1 " + status + " "), head);
            assertFalse(head.toLowerCase(Locale.ROOT).contains("content-length"), head);
            assertTrue(wire.head().startsWith("HTTP/1.1 " + status + " "));
        }
    }

    @Test
    void aStreamOfUnknownLengthComesInChunksAsItIsMade() throws IOException {
        var more = new CountDownLatch(1);
        HttpServer server = serve((_, _) -> new Response(
                200,
                Headers.NONE,
                new Body.Stream(
                        new InputStream() {
                            private int at;

                            @Override
                            public int read() {
                                throw new AssertionError("is read in pieces");
                            }

                            @Override
                            public int read(byte[] into, int offset, int length) {
                                if (at == 1) {
                                    await(more);
                                }
                                into[offset] = (byte) ('a' + at);
                                return at++ < 2 ? 1 : -1;
                            }
                        },
                        -1)));
        try (var wire = new Wire(server.port())) {
            String head = wire.say(GET).head();
            assertTrue(head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked"), head);
            assertEquals("1\r\na\r\n", wire.bytes(6));
            more.countDown();
            assertEquals("1\r\nb\r\n0\r\n\r\n", wire.bytes(11));
            assertTrue(wire.say(GET).head().startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void aPartOfAFileIsSentExactly(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "0123456789");
        HttpServer server = serve((_, request) -> new Response(
                200, Headers.NONE, new Body.FilePart(file, 2, request.target().equals("/long") ? 20 : 5)));
        try (var wire = new Wire(server.port())) {
            assertTrue(wire.say(GET).answer().endsWith("\r\n\r\n23456"));
            String missing = wire.say("GET /long HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            assertTrue(missing.startsWith("HTTP/1.1 500 "), missing);
            assertFalse(missing.contains(file.toString()), missing);
        }
    }

    @Test
    void aStreamThatEndsTooEarlyCutsTheConnection() throws IOException {
        HttpServer server = serve(
                (_, _) -> new Response(200, Headers.NONE, new Body.Stream(new ByteArrayInputStream(new byte[3]), 7)));
        try (var wire = new Wire(server.port())) {
            String all = wire.say(GET).rest();
            assertTrue(all.endsWith("\r\n\r\n\0\0\0"), all);
        }
    }

    @Test
    void continuesOnlyWhenAskedTo() throws IOException {
        HttpServer server = serve((_, request) -> text(request.body().whole(100).text()));
        try (var wire = new Wire(server.port())) {
            wire.say("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 100 "));
            assertTrue(wire.say("ab").answer().endsWith("\r\n\r\nab"));
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyClosesTheConnection() throws IOException {
        HttpServer server = serve((_, _) -> text("enough"));
        try (var wire = new Wire(server.port())) {
            String answer = wire.say(
                            "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000))
                    .rest();
            assertTrue(answer.endsWith("enough"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.Kind.class)
    void faultsBecomeProblemsOfTheirKind(Fault.Kind kind) throws IOException {
        int expected = switch (kind) {
            case INVALID -> 400;
            case REFUSED -> 403;
            case MISSING -> 404;
            case CONFLICT -> 409;
            case UNAVAILABLE -> 503;
            case BROKEN -> 500;
        };
        HttpServer server = serve((_, _) -> {
            throw new Fault(kind, "because");
        });
        try (var wire = new Wire(server.port())) {
            String answer = wire.say(GET).answer();
            assertTrue(answer.startsWith("HTTP/1.1 " + expected + " "), answer);
            assertEquals(expected >= 500, answer.toLowerCase(Locale.ROOT).contains("retry-after: "), answer);
            assertEquals(expected < 500, answer.contains("because"), answer);
            assertTrue(wire.say(GET).answer().startsWith("HTTP/1.1 " + expected + " "), "the connection is kept");
        }
    }

    @ParameterizedTest
    @CsvSource({"now", "later", "error", "header"})
    void aBugIsAnsweredWithoutItsText(String where) throws IOException {
        Handler handler = new Handler() {
            @Override
            public Response handle(Caller caller, Request request) {
                return switch (where) {
                    case "error" -> throw new AssertionError("secret");
                    case "header" -> Response.of(200, "X", "secret\r\nY: z");
                    default -> throw new IllegalStateException("secret");
                };
            }

            @Override
            public Optional<Response> now(Caller caller, Request request) {
                if (where.equals("now")) {
                    throw new IllegalStateException("secret");
                }
                return Optional.empty();
            }
        };
        HttpServer server = serve(handler);
        try (var wire = new Wire(server.port())) {
            String answer = wire.say(GET).answer();
            assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("retry-after: "), answer);
            assertFalse(answer.contains("secret"), answer);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a head that never ends    | GET /x HTTP/1.1~Host: a~X:                    | 408",
                "a body that never comes   | PUT /x HTTP/1.1~Host: a~Content-Length: 5~~ab | 408",
                "a connection without word |                                               | ''"
            })
    void slowSendersAreCut(String what, String sent, String answer) throws IOException {
        HttpServer server = serve(
                ListenerLimits.DEFAULT.with(SHORT),
                (_, request) -> text(request.body().whole(9).text()));
        try (var wire = new Wire(server.port())) {
            String rest =
                    wire.say(sent == null ? "" : sent.replace("~", "\r\n")).rest();
            assertTrue(answer.isEmpty() ? rest.isEmpty() : rest.startsWith("HTTP/1.1 " + answer + " "), rest);
        }
    }

    @Test
    void aReceiverThatTakesNothingIsCut() throws Exception {
        var gone = new CountDownLatch(1);
        HttpServer server = serve(
                ListenerLimits.DEFAULT.with(SHORT),
                (_, _) -> new Response(
                        200,
                        Headers.NONE,
                        new Body.Stream(
                                new InputStream() {
                                    @Override
                                    public int read() {
                                        return 0;
                                    }

                                    @Override
                                    public int read(byte[] into, int offset, int length) {
                                        return length;
                                    }

                                    @Override
                                    public void close() {
                                        gone.countDown();
                                    }
                                },
                                -1)));
        try (var wire = new Wire(server.port())) {
            wire.say(GET);
            await(gone);
        }
    }

    @Test
    void connectionsOverTheLimitAreTurnedAway() throws IOException {
        var sizes = new ListenerLimits.Sizes(1000, 1000, 1000, 1, 1, 1);
        HttpServer server = serve(new ListenerLimits(sizes, ListenerLimits.Times.DEFAULT), (_, _) -> text("in"));
        try (var first = new Wire(server.port())) {
            assertTrue(first.say(GET).answer().endsWith("in"));
            try (var second = new Wire(server.port())) {
                assertEquals("", second.rest());
            }
            assertTrue(first.say(GET).answer().endsWith("in"));
        }
    }

    @Test
    void anOldConnectionTakesNoMoreRequests() throws IOException {
        var old = new ListenerLimits.Times(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofNanos(1),
                Duration.ofSeconds(5));
        HttpServer server = serve(ListenerLimits.DEFAULT.with(old), (_, _) -> text("last"));
        try (var wire = new Wire(server.port())) {
            String answer = wire.say(GET + GET).rest();
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
            assertEquals(2, answer.split("last", -1).length, answer);
        }
    }

    @Test
    void aTakenPortIsNamedWithWhatToDo() {
        HttpServer server = serve((_, _) -> text(""));
        var config = ListenerConfig.of("device API", "127.0.0.1", server.port());
        var fault = assertThrows(
                Fault.class, () -> HttpServer.start(config, (_, _) -> text("")).close());
        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(
                fault.getMessage().contains("device API cannot listen on 127.0.0.1:" + server.port()),
                fault::getMessage);
        assertTrue(fault.getMessage().contains("configure another one"), fault::getMessage);
    }

    @Test
    void closingLetsRunningRequestsFinish() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        HttpServer server = serve((_, _) -> {
            started.countDown();
            await(go);
            return text("finished");
        });
        try (var busy = new Wire(server.port());
                var idle = new Wire(server.port())) {
            busy.say(GET);
            await(started);
            Thread closing = Thread.ofVirtual().start(server::close);
            assertEquals("", idle.rest());
            go.countDown();
            String answer = busy.rest();
            assertTrue(answer.endsWith("finished"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
            assertTrue(closing.join(Duration.ofSeconds(10)));
        }
    }

    @Test
    void closingCutsWhatDoesNotFinishInTime() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        HttpServer server = serve(ListenerLimits.DEFAULT.with(SHORT), (_, _) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                interrupted.countDown();
            }
            return text("never");
        });
        try (var wire = new Wire(server.port())) {
            wire.say(GET);
            await(started);
            server.close();
            assertEquals("", wire.rest());
            await(interrupted);
        }
    }
}
