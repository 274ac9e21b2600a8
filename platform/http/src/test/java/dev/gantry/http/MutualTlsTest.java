// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.identity.Credential;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A server that only lets in whom its check knows, and clients that do and do not belong.
class MutualTlsTest {
    private static final String WFM = "spiffe://plant.example/margo/wfm/one";
    private static final String DEVICE = "spiffe://plant.example/margo/device/press-07";

    private final Authority authority = new Authority();
    private final Authority foreign = new Authority();
    private final AtomicReference<Credential> own = new AtomicReference<>(authority.spiffe(WFM));
    private final AtomicReference<PeerCheck> check = new AtomicReference<>(authority.check());
    private final AtomicInteger handled = new AtomicInteger();
    private final ServerTls tls =
            ServerTls.mutual(own::get, presented -> check.get().identify(presented));
    private final HttpServer server = serve(tls, ListenerLimits.DEFAULT);

    private HttpServer serve(ServerTls settings, ListenerLimits limits) {
        var config =
                ListenerConfig.of("device API", "127.0.0.1", 0).over(settings).within(limits);
        return HttpServer.start(config, (caller, _) -> {
            handled.incrementAndGet();
            return Response.of(200, "text/plain", Blob.utf8(caller.identity().orElse("nobody")));
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpTransport client(@Nullable Supplier<Credential> credential) {
        return client(server, credential);
    }

    private HttpTransport client(HttpServer to, @Nullable Supplier<Credential> credential) {
        var config = TransportConfig.to(
                URI.create("https://127.0.0.1:" + to.port()), new ServerCheck.Spiffe(authority.check()));
        return new HttpTransport(credential == null ? config : config.presenting(credential));
    }

    private static String ask(HttpTransport client) throws Unreachable {
        Response response = client.send(Request.get("/x"));
        assertEquals(200, response.status());
        return response.body().whole(1000).text();
    }

    @Test
    @Requirement({"ID-045", "ID-048"})
    void theCallerIsWhomTheCertificateProves() throws Unreachable {
        try (var client = client(() -> authority.spiffe(DEVICE))) {
            assertEquals(DEVICE, ask(client));
        }
    }

    /// The bench and the product mean this engine; a silent fall-back would be another product.
    @Test
    void theNativeEngineIsThere() {
        assertTrue(TlsContexts.isNative());
    }

    @Test
    void connectionsAreKept() throws Unreachable {
        Credential device = authority.spiffe(DEVICE);
        var checks = new AtomicInteger();
        check.set(presented -> {
            checks.incrementAndGet();
            return authority.check().identify(presented);
        });
        try (var client = client(() -> device)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(DEVICE, ask(client));
            }
        }
        assertEquals(1, checks.get());
    }

    @Test
    @Requirement({"ID-048", "ID-103"})
    void withoutACertificateThereIsNoAnswer() {
        refused(null);
    }

    @Test
    @Requirement({"ID-048", "ID-103"})
    void aForeignCertificateGetsNoAnswer() {
        refused(() -> foreign.spiffe(DEVICE));
    }

    @Test
    @Requirement("ID-037")
    void anExpiredCertificateGetsNoAnswer() {
        refused(() -> authority.expired(DEVICE));
    }

    private void refused(@Nullable Supplier<Credential> credential) {
        try (var client = client(credential)) {
            var why = assertThrows(Unreachable.class, () -> client.send(Request.get("/x")));
            assertTrue(
                    why.getMessage().startsWith("127.0.0.1:" + server.port() + " gave no answer: "), why::getMessage);
            assertEquals(0, handled.get());
        }
    }

    @Test
    void aForeignServerIsNotSpokenTo() {
        own.set(foreign.spiffe(WFM));
        try (var client = client(() -> authority.spiffe(DEVICE))) {
            var why = assertThrows(Unreachable.class, () -> client.send(Request.get("/x")));
            assertTrue(why.getMessage().contains("certificate of the other side is not accepted"), why::getMessage);
            assertTrue(why.getMessage().contains("not signed by this authority"), why::getMessage);
            assertEquals(0, handled.get());
        }
    }

    @Test
    void aRenewedServerCredentialIsUsedWithoutARestart() throws Unreachable {
        var seen = new AtomicReference<X509Certificate>();
        PeerCheck seeing = presented -> {
            seen.set(presented.getFirst());
            return authority.check().identify(presented);
        };
        var config = TransportConfig.to(
                        URI.create("https://127.0.0.1:" + server.port()), new ServerCheck.Spiffe(seeing))
                .presenting(() -> authority.spiffe(DEVICE));
        try (var client = new HttpTransport(config)) {
            ask(client);
            assertEquals(own.get().leaf(), seen.get());
            own.set(authority.spiffe(WFM));
            client.reconnect();
            ask(client);
            assertEquals(own.get().leaf(), seen.get());
        }
    }

    @Test
    @Requirement("ID-052")
    void aRenewedClientCredentialIsPresentedAtOnce() throws Unreachable {
        var device = new AtomicReference<>(authority.spiffe(DEVICE));
        try (var client = client(device::get)) {
            assertEquals(DEVICE, ask(client));
            device.set(authority.spiffe(DEVICE + "-renewed"));
            assertEquals(DEVICE + "-renewed", ask(client));
        }
    }

    @Test
    @Requirement({"ID-049", "ID-106"})
    void connectionsEndWhenTheirPeerIsNoLongerTrusted() throws Exception {
        Credential device = authority.spiffe(DEVICE);
        SSLContext context = context(device);
        try (SSLSocket kept = connect(context, "TLSv1.3");
                SSLSocket idle = connect(context, "TLSv1.3")) {
            assertTrue(talk(kept).startsWith("HTTP/1.1 200 "));
            assertTrue(talk(idle).startsWith("HTTP/1.1 200 "));
            server.recheckPeers();
            assertTrue(talk(kept).startsWith("HTTP/1.1 200 "), "who is still trusted stays");
            check.set(_ -> {
                throw new CertificateException("gone");
            });
            server.recheckPeers();
            assertEquals(-1, kept.getInputStream().read());
            assertEquals(-1, idle.getInputStream().read());
        }
    }

    @Test
    @Requirement({"ID-049", "ID-106"})
    void aConnectionEndsWithTheCertificateOfItsPeer() throws Exception {
        var strict = new ServerTls(own::get, authority.check(), false, Duration.ZERO);
        var times = new ListenerLimits.Times(
                Duration.ofSeconds(5),
                Duration.ofMillis(400),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofSeconds(1));
        try (HttpServer brief = serve(strict, ListenerLimits.DEFAULT.with(times))) {
            // Certificates end at full seconds.
            Credential device = authority.endingIn(Duration.ofSeconds(2), DEVICE);
            try (SSLSocket socket = connect(context(device), "TLSv1.3", brief.port())) {
                Instant end = device.leaf().getNotAfter().toInstant();
                assertTrue(talk(socket).startsWith("HTTP/1.1 200 "));
                while (!talk(socket).isEmpty()) {
                    assertTrue(Instant.now().isBefore(end.plusSeconds(5)), "the connection goes on");
                }
                assertFalse(Instant.now().isBefore(end));
            }
        }
    }

    @Test
    @Requirement({"ID-045", "ID-046", "ID-047"})
    void olderVersionsAreRefusedUnlessAskedFor() throws Exception {
        SSLContext context = context(authority.spiffe(DEVICE));
        assertThrows(SSLException.class, () -> connect(context, "TLSv1.2").close());
        var relaxed = new ServerTls(own::get, authority.check(), true, Duration.ZERO);
        try (HttpServer old = serve(relaxed, ListenerLimits.DEFAULT);
                SSLSocket socket = connect(context, "TLSv1.2", old.port())) {
            assertTrue(talk(socket).startsWith("HTTP/1.1 200 "));
            assertTrue(socket.getSession()
                    .getCipherSuite()
                    .matches("TLS_ECDHE_ECDSA_WITH_AES_(128|256)_GCM_SHA(256|384)"));
        }
    }

    @Test
    @Requirement("ID-050")
    void noSessionIsResumed() throws Exception {
        SSLContext context = context(authority.spiffe(DEVICE));
        var checks = new AtomicInteger();
        check.set(presented -> {
            checks.incrementAndGet();
            return authority.check().identify(presented);
        });
        for (int i = 0; i < 5; i++) {
            try (SSLSocket socket = connect(context, "TLSv1.3")) {
                assertTrue(talk(socket).startsWith("HTTP/1.1 200 "));
            }
        }
        assertEquals(5, checks.get());
    }

    private SSLSocket connect(SSLContext context, String version) throws Exception {
        return connect(context, version, server.port());
    }

    private static SSLSocket connect(SSLContext context, String version, int port) throws Exception {
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {version});
        try {
            socket.startHandshake();
            return socket;
        } catch (SSLException e) {
            socket.close();
            throw e;
        }
    }

    /// One exchange; empty when the connection has ended.
    private static String talk(SSLSocket socket) {
        try {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[1000];
            int count = socket.getInputStream().read(answer);
            return count < 0 ? "" : new String(answer, 0, count, StandardCharsets.US_ASCII);
        } catch (IOException _) {
            return "";
        }
    }

    /// The JDK's client, which resumes sessions wherever a server lets it.
    private SSLContext context(Credential credential) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own", credential.key(), new char[0], credential.chain().toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new SocketTrust()}, null);
        return context;
    }

    /// Sockets have no engine; this side of the connection is not what is tested.
    private static final class SocketTrust extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
