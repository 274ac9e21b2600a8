// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Lets a [PeerCheck] decide inside the handshake, and remembers for each connection what it said, so that nothing is
/// checked twice. Host names are the check's matter, never the engine's.
final class PeerTrust extends X509ExtendedTrustManager {
    private final PeerCheck check;
    private final Map<SSLEngine, Proven> proven = Collections.synchronizedMap(new WeakHashMap<>());

    /// What the check said of these certificates.
    ///
    /// @param age of the handshake they were presented in: more than zero only where an engine has
    ///     resumed a session
    record Proven(String identity, List<X509Certificate> chain, Duration age) {
        /// Until the certificate has ended, by this clock.
        Duration left(InstantSource clock, Duration skew) {
            return Duration.between(
                    clock.instant(), chain.getFirst().getNotAfter().toInstant().plus(skew));
        }
    }

    PeerTrust(PeerCheck check) {
        this.check = check;
    }

    /// Who is behind an engine whose handshake has ended: what the check said in it, or says now where the engine hides
    /// behind another one or `again` asks for it.
    ///
    /// @throws IOException when the check does not know the peer
    Proven proven(SSLEngine engine, boolean again) throws IOException {
        Proven known = proven.remove(engine);
        if (known != null && !again) {
            return known;
        }
        List<X509Certificate> chain = known != null
                ? known.chain()
                : Stream.of(engine.getSession().getPeerCertificates())
                        .map(X509Certificate.class::cast)
                        .toList();
        Duration age = known != null ? Duration.ZERO : age(engine);
        try {
            return new Proven(check.identify(chain), chain, age);
        } catch (CertificateException e) {
            throw new IOException(Reasons.of(e), e);
        }
    }

    private static Duration age(SSLEngine engine) {
        long since = System.currentTimeMillis() - engine.getSession().getCreationTime();
        return Duration.ofMillis(Math.max(0, since));
    }

    /// Whether a peer would be proven the same now.
    boolean stillProves(Proven earlier) {
        try {
            return check.identify(earlier.chain()).equals(earlier.identity());
        } catch (CertificateException _) {
            return false;
        }
    }

    private void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("no certificate was presented");
        }
        List<X509Certificate> presented = List.of(chain);
        proven.put(engine, new Proven(check.identify(presented), presented, Duration.ZERO));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    private static CertificateException withoutEngine() {
        return new CertificateException("this check belongs to connections with an engine");
    }

    /// None: who is trusted is not told to strangers.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
