// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Handler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves one [Handler] on one listener, HTTP/1.1, plain or over TLS.
///
/// Requests without a body are first offered to [Handler#now] on the thread that reads the socket; everything else
/// runs on a virtual thread each. What breaks HTTP's rules or the listener's limits never reaches the handler: it is
/// answered with a problem document (400, 408, 413, 414, 417, 431, 501, 505) and the connection ends.
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final int BACKLOG = 1024;

    private final ListenerConfig config;
    private final Handler handler;
    private final Answers answers;
    private final EventLoops loops;
    private final ChannelGroup connections;
    private final ExecutorService tasks;
    private final @Nullable TlsContexts tls;
    private final AtomicInteger trustGeneration = new AtomicInteger();
    private final Channel listening;
    private volatile boolean draining;

    private HttpServer(ListenerConfig config, Handler handler) {
        this.config = config;
        this.handler = handler;
        answers = new Answers(config.name(), config.clock());
        loops = new EventLoops(config.name(), 0);
        connections = new DefaultChannelGroup(loops.group().next(), true);
        tasks = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(config.name() + " ", 0).factory());
        tls = config.tls() == null ? null : TlsContexts.server(config.tls());
        ChannelFuture bound = bind().awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.close();
            throw cannotListen(bound.cause());
        }
        listening = bound.channel();
    }

    /// Listens from the moment this returns.
    ///
    /// @throws Fault `UNAVAILABLE` when the address or port cannot be had
    public static HttpServer start(ListenerConfig config, Handler handler) {
        var server = new HttpServer(config, handler);
        log.atInfo()
                .addKeyValue("listener", config.name())
                .addKeyValue("address", config.host() + ":" + server.port())
                .addKeyValue("tls", config.tls() == null ? "none" : TlsContexts.isNative() ? "BoringSSL" : "JDK")
                .log("listener started");
        return server;
    }

    private ChannelFuture bind() {
        return new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(config.host(), config.port()));
    }

    private Fault cannotListen(Throwable why) {
        return new Fault(
                Fault.Kind.UNAVAILABLE,
                "the " + config.name() + " cannot listen on " + config.host() + ":" + config.port() + ": "
                        + Reasons.of(why) + "; stop what uses this address, or configure another one",
                why);
    }

    private void accept(Channel channel) {
        if (draining || connections.size() >= config.limits().sizes().connections()) {
            log.atWarn()
                    .addKeyValue("listener", config.name())
                    .addKeyValue("limit", config.limits().sizes().connections())
                    .log("connection turned away");
            channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            try {
                SslHandler handler = tls.handler(channel.alloc(), "", 0);
                handler.setHandshakeTimeoutMillis(
                        config.limits().times().handshake().toMillis());
                pipeline.addLast(handler);
            } catch (RuntimeException e) {
                log.atError().addKeyValue("listener", config.name()).setCause(e).log("own credential was not usable");
                channel.close();
                return;
            }
        }
        connections.add(channel);
        var connection = new Connection(this, channel);
        pipeline.addLast(
                new RequestDecoder(config.limits().sizes(), connection::bytesArrived),
                new HttpResponseEncoder(),
                connection);
    }

    /// The port that is listened on, also where 0 was configured.
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /// How many connections are open.
    public int connections() {
        return connections.size();
    }

    ListenerConfig config() {
        return config;
    }

    Handler handler() {
        return handler;
    }

    Answers answers() {
        return answers;
    }

    boolean isDraining() {
        return draining;
    }

    int trustGeneration() {
        return trustGeneration.get();
    }

    void work(Work work) {
        try {
            tasks.execute(work);
        } catch (RejectedExecutionException _) {
            work.connection().channel().close();
        }
    }

    /// Asks the [PeerCheck] again about every peer and closes the connections of those it no longer knows, for use
    /// after a trust bundle or a policy has changed. Handshakes that are under way are checked again when they end.
    @Requirement({"ID-049", "ID-106"})
    public void recheckPeers() {
        trustGeneration.incrementAndGet();
        for (Channel channel : connections) {
            Connection connection = channel.pipeline().get(Connection.class);
            if (connection != null) {
                connection.recheck();
            }
        }
    }

    /// Who has just ended a handshake.
    ///
    /// @param trustAtStart when another trust has come into force since, the peer is checked again
    Peer prove(Channel channel, int trustAtStart) throws IOException {
        PeerTrust trust = tls == null ? null : tls.peers();
        if (trust == null) {
            return Peer.anonymous(channel);
        }
        SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
        return Peer.of(channel, trust.proven(engine, trustAtStart != trustGeneration.get()));
    }

    boolean stillProven(Peer peer) {
        PeerTrust trust = tls == null ? null : tls.peers();
        PeerTrust.Proven proof = peer.proof();
        return trust == null || proof == null || trust.stillProves(proof);
    }

    /// Takes no more connections and requests, lets running ones finish within [ListenerLimits.Times#drain], then cuts.
    @Override
    public void close() {
        draining = true;
        listening.close().awaitUninterruptibly();
        for (Channel channel : connections) {
            Connection connection = channel.pipeline().get(Connection.class);
            if (connection != null) {
                channel.eventLoop().execute(connection::drain);
            }
        }
        connections
                .newCloseFuture()
                .awaitUninterruptibly(config.limits().times().drain().toMillis());
        connections.close().awaitUninterruptibly();
        tasks.shutdownNow();
        loops.close();
        if (tls != null) {
            tls.close();
        }
        log.atInfo().addKeyValue("listener", config.name()).log("listener closed");
    }
}
