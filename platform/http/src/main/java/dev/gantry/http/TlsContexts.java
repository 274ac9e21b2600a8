// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import dev.gantry.identity.Credential;
import dev.gantry.spec.Requirement;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One side's TLS settings, made again whenever its credential has changed. BoringSSL where its native part is there,
/// the JDK's engine elsewhere.
///
/// Suites are those of RFC 8446 and, for TLS 1.2, of RFC 9325 section 4.2. BoringSSL resumes no session: there are
/// neither tickets nor a cache. The JDK's engine cannot be kept from resuming one for a second; [PeerTrust#proven] then
/// checks the peer again and counts the age from the full handshake (ID-050).
@Requirement({"ID-027", "ID-045", "ID-047", "ID-050", "ID-052"})
final class TlsContexts implements AutoCloseable {
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    private static final ApplicationProtocolConfig ONLY_HTTP_1_1 = new ApplicationProtocolConfig(
            Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, "http/1.1");

    private final @Nullable Supplier<Credential> own;
    private final @Nullable PeerTrust peers;
    private final boolean server;
    private final boolean allowTls12;
    private @Nullable Credential current;
    private @Nullable SslContext context;

    private TlsContexts(
            @Nullable Supplier<Credential> own, @Nullable PeerCheck peers, boolean server, boolean allowTls12) {
        this.own = own;
        this.peers = peers == null ? null : new PeerTrust(peers);
        this.server = server;
        this.allowTls12 = allowTls12;
    }

    static TlsContexts server(ServerTls tls) {
        return new TlsContexts(tls.own(), tls.peers(), true, tls.allowTls12());
    }

    static TlsContexts client(@Nullable Supplier<Credential> own, PeerCheck serverCheck) {
        return new TlsContexts(own, serverCheck, false, false);
    }

    /// Whether BoringSSL does the work.
    static boolean isNative() {
        return OpenSsl.isAvailable();
    }

    @Nullable
    PeerTrust peers() {
        return peers;
    }

    /// The credential that the next connection presents.
    @Nullable
    Credential credential() {
        return own == null ? null : own.get();
    }

    /// A handler for one connection that presents the present credential.
    SslHandler handler(ByteBufAllocator buffers, String host, int port) {
        SslContext made = contextFor(credential());
        try {
            return server ? made.newHandler(buffers) : made.newHandler(buffers, host, port);
        } finally {
            ReferenceCountUtil.release(made);
        }
    }

    private synchronized SslContext contextFor(@Nullable Credential credential) {
        SslContext known = context;
        if (known == null || !Objects.equals(credential, current)) {
            SslContext fresh = build(credential);
            if (known != null) {
                ReferenceCountUtil.release(known);
            }
            context = fresh;
            current = credential;
            known = fresh;
        }
        return ReferenceCountUtil.retain(known);
    }

    private SslContext build(@Nullable Credential credential) {
        try {
            SslContextBuilder builder = server ? forServer(credential) : forClient(credential);
            if (peers != null) {
                builder.trustManager(peers);
            }
            SslContext made = builder.sslProvider(isNative() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols(allowTls12 ? List.of("TLSv1.3", "TLSv1.2") : List.of("TLSv1.3"))
                    .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(ONLY_HTTP_1_1)
                    .sessionTimeout(1)
                    .build();
            if (made.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            }
            return made;
        } catch (SSLException | IllegalArgumentException e) {
            throw new Fault(Fault.Kind.BROKEN, "cannot use the " + credential + " for TLS: " + e.getMessage(), e);
        }
    }

    private SslContextBuilder forServer(@Nullable Credential credential) {
        if (credential == null) {
            throw new IllegalStateException("a server has a credential");
        }
        return SslContextBuilder.forServer(credential.key(), credential.chain())
                .clientAuth(peers == null ? ClientAuth.NONE : ClientAuth.REQUIRE);
    }

    private static SslContextBuilder forClient(@Nullable Credential credential) {
        SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(null);
        return credential == null ? builder : builder.keyManager(credential.key(), credential.chain());
    }

    @Override
    public synchronized void close() {
        if (context != null) {
            ReferenceCountUtil.release(context);
            context = null;
        }
    }
}
