// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import dev.gantry.identity.Credential;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import dev.gantry.wire.Unreachable;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Sends requests to one server, HTTP/1.1, plain or over TLS 1.3. Any number of threads may send at once; each has a
/// connection to itself meanwhile, and connections are kept for the next one.
///
/// Redirects are not followed, cookies not kept, proxies not used. Small answers are in memory; a larger one is a
/// [Body.Stream] that must be closed. A connection that the server has closed while it was idle is replaced silently,
/// but only for requests that may be sent twice.
public final class HttpTransport implements Transport, AutoCloseable {
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

    private final TransportConfig config;
    private final EventLoops loops;
    private final @Nullable TlsContexts tls;
    private final ConcurrentLinkedDeque<Link> kept = new ConcurrentLinkedDeque<>();
    private final AtomicInteger trustGeneration = new AtomicInteger();
    private volatile boolean closed;

    public HttpTransport(TransportConfig config) {
        this.config = config;
        ServerCheck server = config.server();
        tls = config.isSecure() && server != null
                ? TlsContexts.client(config.own(), server.forHost(config.host(), config.clock()))
                : null;
        loops = new EventLoops("to " + config.host(), 1);
    }

    @Override
    public Response send(Request request) throws Unreachable {
        if (!request.target().startsWith("/")) {
            throw Fault.invalid("the target of a request starts with a slash");
        }
        try {
            Credential credential = tls == null ? null : tls.credential();
            Link used = keptFor(credential);
            if (used == null) {
                return connect(credential).exchange(request);
            }
            try {
                return used.exchange(request);
            } catch (Link.Stale stale) {
                if (!isRepeatable(request)) {
                    throw stale;
                }
                return connect(credential).exchange(request);
            }
        } catch (IOException e) {
            throw new Unreachable(config.where() + " gave no answer: " + Reasons.of(e), e);
        }
    }

    private static boolean isRepeatable(Request request) {
        return REPEATABLE.contains(request.method()) && !(request.body() instanceof Body.Stream);
    }

    private @Nullable Link keptFor(@Nullable Credential credential) {
        while (true) {
            Link link = kept.pollFirst();
            if (link == null || link.isUsable(credential, trustGeneration.get(), System.nanoTime())) {
                return link;
            }
            link.close();
        }
    }

    private void keep(Link link) {
        kept.addFirst(link);
        if (closed) {
            link.close();
        }
    }

    private Link connect(@Nullable Credential credential) throws IOException {
        IOException last = new UnknownHostException("the name is not known");
        for (InetAddress address : addresses()) {
            try {
                return connect(new InetSocketAddress(address, config.port()), credential);
            } catch (ConnectException | SocketTimeoutException e) {
                last = e;
            }
        }
        throw last;
    }

    private InetAddress[] addresses() throws IOException {
        try {
            return InetAddress.getAllByName(config.host());
        } catch (UnknownHostException e) {
            throw new IOException("the name " + config.host() + " is not known", e);
        }
    }

    @Requirement({"ID-049", "ID-052", "ID-106"})
    private Link connect(InetSocketAddress address, @Nullable Credential credential) throws IOException {
        int generation = trustGeneration.get();
        var link = new Link(config, credential, generation, this::keep);
        long start = System.nanoTime();
        ChannelFuture connecting = new Bootstrap()
                .group(loops.group())
                .channel(loops.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        config.limits().connect().toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            SslHandler handler = tls.handler(channel.alloc(), config.host(), config.port());
                            handler.setHandshakeTimeoutMillis(
                                    config.limits().connect().toMillis());
                            channel.pipeline().addLast(handler);
                        }
                        channel.pipeline().addLast(new HttpClientCodec(), link);
                    }
                })
                .connect(address);
        await(connecting);
        Channel channel = connecting.channel();
        try {
            Duration usable = proven(channel, generation);
            link.connected(channel, start + usable.toNanos());
            return link;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// How long a connection may be used, once its server has proven itself.
    private Duration proven(Channel channel, int generation) throws IOException {
        Duration age = config.limits().age();
        if (tls == null || tls.peers() == null) {
            return age;
        }
        SslHandler security = channel.pipeline().get(SslHandler.class);
        if (security == null) {
            throw new IOException("the connection was closed");
        }
        await(security.handshakeFuture());
        PeerTrust.Proven server = tls.peers().proven(security.engine(), generation != trustGeneration.get());
        Duration left = server.left(config.clock(), ServerTls.CLOCK_SKEW);
        return left.compareTo(age) < 0 ? left : age;
    }

    private static void await(Future<?> future) throws IOException {
        try {
            future.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.cancel(true);
            throw new IOException("interrupted while connecting", e);
        }
        if (!future.isSuccess()) {
            throw future.cause() instanceof IOException io
                    ? io
                    : new IOException(Reasons.of(future.cause()), future.cause());
        }
    }

    /// Makes every further exchange prove the server anew, for use after a trust bundle has changed (ID-049).
    public void reconnect() {
        trustGeneration.incrementAndGet();
        closeKept();
    }

    private void closeKept() {
        for (Link link = kept.pollFirst(); link != null; link = kept.pollFirst()) {
            link.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        closeKept();
        loops.close();
        if (tls != null) {
            tls.close();
        }
    }
}
