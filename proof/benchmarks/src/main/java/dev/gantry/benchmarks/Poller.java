// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.identity.Credential;
import dev.gantry.identity.SvidCheck;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// One client of the load generator, over the Java platform's own TLS, so that it shares nothing with what it measures.
/// Sends bytes that were made before and reads an answer without a body.
final class Poller {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES = 4096;
    private static final int STATUS_END = "HTTP/1.1 304".length();
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final SSLContext tls;
    private final Server server;
    /// Makes each connection's server name another one: sessions are kept by name, so none is resumed.
    private long connections;

    private final byte[] buffer = new byte[ANSWER_BYTES];

    Poller(Credential own, SvidCheck check) {
        server = new Server(own, check);
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory presenting = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            presenting.init(keys, new char[0]);
            tls = SSLContext.getInstance("TLSv1.3");
            tls.init(presenting.getKeyManagers(), new TrustManager[] {server}, new SecureRandom());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java platform cannot present an SVID", e);
        }
    }

    /// A new connection after a full handshake; a resumed session is an error, not a figure.
    SSLSocket connect(int port) throws IOException {
        var raw = new Socket(InetAddress.getLoopbackAddress(), port);
        raw.setTcpNoDelay(true);
        raw.setSoTimeout((int) PATIENCE.toMillis());
        var socket = (SSLSocket) tls.getSocketFactory().createSocket(raw, "wfm-" + ++connections, port, true);
        int before = server.proofs;
        try {
            socket.startHandshake();
            if (server.proofs == before) {
                throw new IOException("the server resumed a session; only full handshakes are measured");
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// The head of the answer to a request, as text.
    String ask(SSLSocket socket, byte[] request) throws IOException {
        return new String(buffer, 0, exchange(socket, request), StandardCharsets.ISO_8859_1);
    }

    /// Sends a request that must be answered with 304.
    void poll(SSLSocket socket, byte[] request) throws IOException {
        int length = exchange(socket, request);
        if (buffer[STATUS_END - 3] != '3' || buffer[STATUS_END - 2] != '0' || buffer[STATUS_END - 1] != '4') {
            throw new IOException("expected 304, got "
                    + new String(buffer, 0, length, StandardCharsets.ISO_8859_1)
                            .lines()
                            .findFirst()
                            .orElse(""));
        }
    }

    private int exchange(SSLSocket socket, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        int length = 0;
        while (length < HEAD_END.length || !endsHead(length)) {
            int count = socket.getInputStream().read(buffer, length, buffer.length - length);
            if (count <= 0) {
                throw new EOFException("the connection ended within an answer, or its head is too long");
            }
            length += count;
        }
        return length;
    }

    private boolean endsHead(int length) {
        for (int i = 0; i < HEAD_END.length; i++) {
            if (buffer[length - HEAD_END.length + i] != HEAD_END[i]) {
                return false;
            }
        }
        return true;
    }

    /// Recognises the WFM as a device does.
    private static final class Server extends X509ExtendedTrustManager {
        private final Credential own;
        private final SvidCheck check;
        /// How often a server has shown its certificate, which it does in full handshakes only.
        private int proofs;

        Server(Credential own, SvidCheck check) {
            this.own = own;
            this.check = check;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            var _ = check.wfmOf(() -> own).identify(List.of(chain));
            proofs++;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
