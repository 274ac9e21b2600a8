// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.testkit.Seeds;
import dev.gantry.wire.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedRequestTest {
    private static final int BODY_LIMIT = 1000;

    private final AtomicInteger handled = new AtomicInteger();
    private final HttpServer server = HttpServer.start(
            ListenerConfig.of("test", "127.0.0.1", 0).within(ListenerLimits.DEFAULT.withBodyBytes(BODY_LIMIT)),
            (caller, request) -> {
                request.body().whole(BODY_LIMIT);
                handled.incrementAndGet();
                return Response.of(200);
            });

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<Arguments> refusals() {
        String host = "Host: a\r\n";
        return Stream.of(
                Arguments.of("no request at all", "garbage\r\n\r\n", 400),
                Arguments.of("a line end without CR", "GET / HTTP/1.1\nHost: a\n\n", 400),
                Arguments.of("no host", "GET / HTTP/1.1\r\n\r\n", 400),
                Arguments.of("two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400),
                Arguments.of("a target that is no path", "GET a HTTP/1.1\r\n" + host + "\r\n", 400),
                Arguments.of("an authority as target", "CONNECT a:1 HTTP/1.1\r\n" + host + "\r\n", 400),
                Arguments.of("a fragment", "GET /#x HTTP/1.1\r\n" + host + "\r\n", 400),
                Arguments.of("a method in small letters", "get / HTTP/1.1\r\n" + host + "\r\n", 400),
                Arguments.of("a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
                Arguments.of("a control character", "GET / HTTP/1.1\r\n" + host + "X: a\0b\r\n\r\n", 400),
                Arguments.of("an old version", "GET / HTTP/1.0\r\n" + host + "\r\n", 505),
                Arguments.of("HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                Arguments.of("an overlong target", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n", 414),
                Arguments.of("overlong fields", "GET / HTTP/1.1\r\n" + host + "X: " + "a".repeat(17_000) + "\r\n", 431),
                Arguments.of(
                        "many fields", "GET / HTTP/1.1\r\n" + host + "X: aaaaaaaaaaaaaaaaaaaa\r\n".repeat(900), 431),
                Arguments.of("a body over the limit", put("Content-Length: 1001\r\n", "x"), 413),
                Arguments.of("a length beyond 64 bits", put("Content-Length: 99999999999999999999\r\n", "x"), 400),
                Arguments.of("a negative length", put("Content-Length: -1\r\n", ""), 400),
                Arguments.of("a signed length", put("Content-Length: +1\r\n", "x"), 400),
                Arguments.of("two lengths", put("Content-Length: 1\r\nContent-Length: 2\r\n", "xx"), 400),
                Arguments.of("a list of lengths", put("Content-Length: 1, 2\r\n", "xx"), 400),
                Arguments.of(
                        "length and coding",
                        put("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                        400),
                Arguments.of("another coding", put("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501),
                Arguments.of("a hidden coding", put("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400),
                Arguments.of(
                        "a chunk without size", put("Transfer-Encoding: chunked\r\n", "zz\r\nxx\r\n0\r\n\r\n"), 400),
                Arguments.of(
                        "a chunk that is too short",
                        put("Transfer-Encoding: chunked\r\n", "1\r\nxx\r\n0\r\n\r\n"),
                        400),
                Arguments.of(
                        "chunks over the limit",
                        put("Transfer-Encoding: chunked\r\n", ("64\r\n" + "x".repeat(100) + "\r\n").repeat(11)),
                        413),
                Arguments.of("an unknown expectation", put("Content-Length: 1\r\nExpect: wonders\r\n", "x"), 417));
    }

    private static String put(String fields, String body) {
        return "PUT / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
    }

    @ParameterizedTest(name = "{0} is answered {2}")
    @MethodSource("refusals")
    void endsTheConnectionWithAProblem(String what, String bytes, int status) throws IOException {
        try (var wire = new Wire(server.port())) {
            String answer = wire.say(bytes).rest();
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
            assertTrue(answer.contains("application/problem+json"), answer);
            assertTrue(answer.contains("\"type\":\"about:blank\""), answer);
            assertEquals(answer.indexOf("HTTP/1.1"), answer.lastIndexOf("HTTP/1.1"), answer);
            assertEquals(0, handled.get());
        }
    }

    /// What is smuggled behind a refused request is never carried out.
    @Test
    void nothingAfterARefusalIsRead() throws IOException {
        try (var wire = new Wire(server.port())) {
            String smuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
            String answer = wire.say(put("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled))
                    .rest();
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertEquals(0, handled.get());
        }
    }

    /// Whatever comes, the server says something or closes, and goes on serving others.
    @Seeds(200)
    void brokenRequestsNeverStopTheServer(long seed) throws IOException {
        var chance = new Random(seed);
        byte[] request = put("Transfer-Encoding: chunked\r\nX: y\r\n", "2\r\nab\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i <= chance.nextInt(4); i++) {
            request[chance.nextInt(request.length)] = (byte) chance.nextInt(256);
        }
        try (var wire = new Wire(server.port())) {
            wire.say(new String(request, StandardCharsets.ISO_8859_1) + "\r\n\r\n\r\n");
        }
        try (var wire = new Wire(server.port())) {
            String answer = wire.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), () -> "seed " + seed + ": " + answer);
        }
    }
}
