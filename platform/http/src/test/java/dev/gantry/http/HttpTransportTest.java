// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.identity.Credential;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTransportTest {
    private static final TransportLimits SHORT = new TransportLimits(
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            200 << 20);

    private final Authority authority = new Authority();
    private HttpServer server = plain(
            ListenerLimits.DEFAULT,
            (_, request) ->
                    new Response(200, Headers.NONE, Body.of(request.body().whole(1 << 20))));

    private static HttpServer plain(ListenerLimits limits, Handler handler) {
        return HttpServer.start(ListenerConfig.of("test", "127.0.0.1", 0).within(limits), handler);
    }

    private void serve(ListenerLimits limits, Handler handler) {
        server.close();
        server = plain(limits, handler);
    }

    private void serve(Credential credential) {
        server.close();
        server = HttpServer.start(
                ListenerConfig.of("test", "127.0.0.1", 0).over(ServerTls.open(() -> credential)),
                (_, _) -> Response.of(204));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpTransport client() {
        return new HttpTransport(TransportConfig.plain(URI.create("http://127.0.0.1:" + server.port() + "/base/")));
    }

    private HttpTransport client(String host, ServerCheck check) {
        return new HttpTransport(TransportConfig.to(URI.create("https://" + host + ":" + server.port()), check));
    }

    @Test
    void theTargetIsAppendedToTheBasePath() throws Unreachable {
        serve(
                ListenerLimits.DEFAULT,
                (_, request) -> Response.of(
                        200,
                        "text/plain",
                        Blob.utf8(request.target() + " "
                                + request.headers().get("Host").orElse(""))));
        try (var client = client()) {
            Response response = client.send(Request.get("/a?b=c"));
            assertEquals(
                    "/base/a?b=c 127.0.0.1:" + server.port(),
                    response.body().whole(1000).text());
        }
    }

    @Test
    void bodiesOfEveryKindArrive(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "0123456789");
        byte[] large = new byte[200_000];
        List<Body> bodies = List.of(
                Body.of(Blob.utf8("bytes")),
                Body.of(Blob.of(large)),
                new Body.FilePart(file, 2, 5),
                new Body.Stream(new ByteArrayInputStream(large), large.length),
                new Body.Stream(new ByteArrayInputStream(large), -1));
        List<Integer> lengths = List.of(5, 200_000, 5, 200_000, 200_000);
        try (var client = client()) {
            for (int i = 0; i < bodies.size(); i++) {
                Response response = client.send(Request.of("PUT", "/x").with("a/b", bodies.get(i)));
                assertEquals(lengths.get(i), response.body().whole(1 << 20).size());
            }
            assertEquals(1, server.connections());
        }
    }

    @Test
    void headAndAnswersWithoutBodyKeepTheConnection() throws Exception {
        serve(
                ListenerLimits.DEFAULT,
                (_, request) -> request.method().equals("HEAD")
                        ? Response.of(200, "a/b", Blob.utf8("hidden"))
                        : Response.of(304));
        try (var client = client()) {
            Response head = client.send(Request.of("HEAD", "/x"));
            assertEquals("6", head.headers().get("Content-Length").orElseThrow());
            assertEquals(0, head.body().length());
            assertEquals(304, client.send(Request.get("/x")).status());
            assertEquals(1, server.connections());
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Unreachable {
        var requests = new AtomicInteger();
        serve(ListenerLimits.DEFAULT, (_, _) -> {
            requests.incrementAndGet();
            return Response.of(302, "Location", "/elsewhere", "Set-Cookie", "a=b");
        });
        try (var client = client()) {
            assertEquals(302, client.send(Request.get("/x")).status());
            assertEquals(1, requests.get());
        }
    }

    @Test
    void aRefusedBodyIsAnsweredWithTheReason() throws Unreachable {
        serve(ListenerLimits.DEFAULT.withBodyBytes(1000), (_, _) -> Response.of(204));
        try (var client = client()) {
            var body = new Body.Stream(new Pattern(50 << 20), 50 << 20);
            assertEquals(
                    413, client.send(Request.of("PUT", "/x").with("a/b", body)).status());
            assertEquals(204, client.send(Request.get("/x")).status());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 500_000})
    void anAnswerOverTheLimitIsRefused(int length) {
        serve(
                ListenerLimits.DEFAULT,
                (_, request) -> new Response(
                        200,
                        Headers.NONE,
                        new Body.Stream(new Pattern(length), request.target().equals("/base/chunked") ? -1 : length)));
        var config = TransportConfig.plain(URI.create("http://127.0.0.1:" + server.port() + "/base"));
        try (var client = new HttpTransport(config.within(TransportLimits.DEFAULT.withAnswerBytes(1000)))) {
            for (String target : List.of("/chunked", "/known")) {
                var why = assertThrows(
                        Unreachable.class,
                        () -> client.send(Request.get(target)).body().whole(length));
                assertTrue(why.getMessage().contains("more than 1000 bytes"), why::getMessage);
            }
        }
    }

    @Test
    void aSlowAnswerIsNotWaitedFor() {
        var never = new CountDownLatch(1);
        serve(ListenerLimits.DEFAULT, (_, _) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Response.of(204);
        });
        var config = TransportConfig.plain(URI.create("http://127.0.0.1:" + server.port()));
        try (var client = new HttpTransport(config.within(SHORT))) {
            var why = assertThrows(Unreachable.class, () -> client.send(Request.get("/x")));
            assertTrue(why.getMessage().contains("no answer within 300 ms"), why::getMessage);
        } finally {
            never.countDown();
        }
    }

    @Test
    void nobodyListeningIsUnreachable() throws IOException {
        int free;
        try (var taken = new ServerSocket(0)) {
            free = taken.getLocalPort();
        }
        try (var client = new HttpTransport(TransportConfig.plain(URI.create("http://127.0.0.1:" + free)))) {
            var why = assertThrows(Unreachable.class, () -> client.send(Request.get("/x")));
            assertTrue(why.getMessage().contains("127.0.0.1:" + free), why::getMessage);
            assertTrue(why.getMessage().contains("refused"), why::getMessage);
        }
    }

    @Test
    void anUnknownNameIsUnreachable() {
        try (var client = new HttpTransport(TransportConfig.plain(URI.create("http://nowhere.invalid")))) {
            var why = assertThrows(Unreachable.class, () -> client.send(Request.get("/x")));
            assertTrue(why.getMessage().contains("the name nowhere.invalid is not known"), why::getMessage);
        }
    }

    /// The server may close a kept connection at any time; only what may be sent twice is sent again.
    @Test
    void aStaleConnectionIsReplacedForRepeatableRequests() throws Exception {
        var answers = new AtomicInteger();
        try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerEachConnectionOnce(listener, answers));
            var config = TransportConfig.plain(URI.create("http://127.0.0.1:" + listener.getLocalPort()));
            try (var client = new HttpTransport(config)) {
                assertEquals(204, client.send(Request.get("/x")).status());
                assertEquals(204, client.send(Request.get("/x")).status());
                assertThrows(Unreachable.class, () -> client.send(Request.of("POST", "/x")));
                assertEquals(2, answers.get());
            }
        }
    }

    /// Answers the first request of a connection and closes it when the second one has come.
    private static void answerEachConnectionOnce(ServerSocket listener, AtomicInteger answers) {
        try {
            while (true) {
                try (Socket socket = listener.accept()) {
                    byte[] buffer = new byte[1000];
                    if (socket.getInputStream().read(buffer) > 0) {
                        answers.incrementAndGet();
                        socket.getOutputStream()
                                .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        int next = socket.getInputStream().read(buffer);
                        assertTrue(next != 0);
                    }
                }
            }
        } catch (IOException _) {
            // The test has ended.
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n"
            })
    void nonsenseIsNoAnswer(String sent) throws Exception {
        try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            var config = TransportConfig.plain(URI.create("http://127.0.0.1:" + listener.getLocalPort()));
            try (var client = new HttpTransport(config.within(SHORT))) {
                assertThrows(Unreachable.class, () -> client.send(Request.of("POST", "/x")));
            }
        }
    }

    @Test
    @Requirement("ID-059")
    void aServerIsRecognisedByAnchorAndName() throws Unreachable {
        serve(authority.host("localhost"));
        var anchors = new ServerCheck.Pki(List.of(authority.certificate));
        try (var client = client("localhost", anchors)) {
            assertEquals(204, client.send(Request.get("/x")).status());
        }
        notRecognised("127.0.0.1", anchors, "it is not for \"127.0.0.1\"");
        notRecognised("localhost", new ServerCheck.Pki(List.of(new Authority().certificate)), "");
        notRecognised("localhost", new ServerCheck.PublicPki(), "");
        serve(authority.host("other.example"));
        notRecognised("localhost", anchors, "it is not for \"localhost\"");
        serve(authority.expired("spiffe://a"));
        notRecognised("localhost", anchors, "");
    }

    @Test
    @Requirement({"ID-060", "ID-061"})
    void aServerIsRecognisedByAPinnedKey() throws Unreachable {
        Credential named = authority.host("localhost");
        serve(named);
        for (var certificate : named.chain()) {
            try (var client = client("localhost", new ServerCheck.Pins(Set.of(ServerCheck.pin(certificate))))) {
                assertEquals(204, client.send(Request.get("/x")).status());
            }
        }
        // By address the name does not matter.
        var pins = new ServerCheck.Pins(Set.of(ServerCheck.pin(authority.certificate)));
        try (var client = client("127.0.0.1", pins)) {
            assertEquals(204, client.send(Request.get("/x")).status());
        }
        String other = ServerCheck.pin(new Authority().certificate);
        notRecognised("localhost", new ServerCheck.Pins(Set.of(other)), "none of the presented keys");
        serve(authority.host("other.example"));
        notRecognised("localhost", pins, "it is not for");
        serve(authority.expired("spiffe://a"));
        notRecognised("127.0.0.1", pins, "");
        // A pinned certificate that is only shown, and has not signed the leaf, proves nothing.
        Credential foreign = new Authority().host("localhost");
        serve(new Credential(foreign.key(), List.of(foreign.leaf(), authority.certificate)));
        notRecognised("localhost", pins, "does not chain");
    }

    private void notRecognised(String host, ServerCheck check, String because) {
        try (var client = client(host, check)) {
            var why = assertThrows(Unreachable.class, () -> client.send(Request.get("/x")));
            assertTrue(why.getMessage().contains("certificate of the other side is not accepted"), why::getMessage);
            assertTrue(why.getMessage().contains(because), why::getMessage);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "https://", "a/b", "http://a?b", "http://u@a", "http://a#b"})
    void anAddressThatCannotBeMeantIsRefused(String base) {
        assertThrows(Fault.class, () -> TransportConfig.plain(URI.create(base.equals("https://") ? "https:/" : base)));
    }

    @Test
    void httpsNeedsACheck() {
        assertThrows(Fault.class, () -> TransportConfig.plain(URI.create("https://a")));
    }

    @Test
    void noCheckIsEmpty() {
        assertThrows(Fault.class, () -> new ServerCheck.Pins(Set.of()));
        assertThrows(Fault.class, () -> new ServerCheck.Pki(List.of()));
    }

    @Test
    void anAnswerIsAStreamWhenItIsLarge() throws Unreachable {
        try (var client = client()) {
            var small = Request.of("PUT", "/x").with("a/b", Body.of(Blob.of(new byte[Work.IN_MEMORY])));
            assertInstanceOf(Body.Bytes.class, client.send(small).body());
            var large = Request.of("PUT", "/x").with("a/b", Body.of(Blob.of(new byte[Work.IN_MEMORY + 1])));
            assertInstanceOf(Body.Stream.class, client.send(large).body());
        }
    }
}
