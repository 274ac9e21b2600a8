// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a server. All fields belong to the thread that reads its socket; the virtual thread that works on
/// a request comes back by [#deliver].
///
/// ```
///                  head                     answer from memory, or handler done
///   RESTING ───────────────► WORKING ──────────────────────────────────────────► SENDING
///      ▲  (exchange == null)   │  body pieces go to the pipe                        │
///      │                       │                                                    │ all taken by the socket
///      └───────────────────────┼────────────────────────────────────────────────────┤
///                              │ malformed, too large, too slow                     │ last one
///                              └───────────────► LINGERING ◄────────────────────────┘
///                                    what still comes is dropped, until the peer closes or time is up
/// ```
///
/// Requests that arrive while another one is worked on wait in `waiting`, and the socket is not read.
final class Connection extends ChannelInboundHandlerAdapter implements BodyPipe.Source {
    /// How long a peer may take to read the last answer before the connection is cut.
    private static final long LINGER = TimeUnit.SECONDS.toNanos(2);

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private final HttpServer server;
    private final Channel channel;
    private final Deadlines deadlines;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private final int trustAtStart;
    private volatile @Nullable Peer peer;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private int waitingRequests;
    private boolean reading;
    private boolean advancing;
    private boolean last;
    private boolean lingering;

    Connection(HttpServer server, Channel channel) {
        this.server = server;
        this.channel = channel;
        deadlines = new Deadlines(server.config().limits(), System.nanoTime());
        trustAtStart = server.trustGeneration();
        if (server.config().tls() == null) {
            peer = Peer.anonymous(channel);
        }
    }

    /// Bytes came in, of whatever.
    void bytesArrived() {
        deadlines.bytesArrived(System.nanoTime(), exchange == null && !lingering);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        long tick = server.config().limits().times().tick().toNanos();
        added.executor().schedule(() -> tick(tick), tick, TimeUnit.NANOSECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent done) {
            handshakeEnded(done);
        }
        super.userEventTriggered(here, event);
    }

    @Requirement({"ID-048", "ID-049", "ID-103"})
    private void handshakeEnded(SslHandshakeCompletionEvent done) {
        if (!done.isSuccess()) {
            log.atInfo()
                    .addKeyValue("listener", server.config().name())
                    .addKeyValue("peer", Peer.address(channel))
                    .addKeyValue("reason", Reasons.of(done.cause()))
                    .log("handshake failed");
            channel.close();
            return;
        }
        try {
            Peer proven = server.prove(channel, trustAtStart);
            peer = proven;
            ServerTls tls = server.config().tls();
            if (tls != null && proven.proof() != null) {
                Duration left = proven.proof().left(server.config().clock(), tls.clockSkew());
                deadlines.limit(System.nanoTime(), proven.proof().age(), left);
            }
        } catch (IOException e) {
            cut(e.getMessage());
        }
    }

    /// Whether the peer would still be let in; the connection is closed when not. Any thread may ask.
    @Requirement({"ID-049", "ID-106"})
    void recheck() {
        Peer present = peer;
        if (present != null && !server.stillProven(present)) {
            channel.eventLoop().execute(() -> cut("the peer is no longer trusted"));
        }
    }

    private void cut(@Nullable String why) {
        log.atInfo()
                .addKeyValue("listener", server.config().name())
                .addKeyValue("peer", Peer.address(channel))
                .addKeyValue("reason", why)
                .log("connection closed");
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
        reading = true;
        if (lingering) {
            ReferenceCountUtil.release(message);
        } else if (!waiting.isEmpty() || message instanceof HttpRequest && exchange != null) {
            hold(message);
        } else {
            take(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext here) {
        reading = false;
        here.flush();
    }

    private void hold(Object message) {
        if (message instanceof HttpRequest) {
            waitingRequests++;
            channel.config().setAutoRead(false);
        }
        if (waitingRequests > server.config().limits().sizes().pipelined()) {
            last = true;
            ReferenceCountUtil.release(message);
        } else {
            waiting.add(message);
        }
    }

    /// Works through what has waited, up to the next request that takes time.
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        while (!waiting.isEmpty() && !lingering && !(exchange != null && waiting.peek() instanceof HttpRequest)) {
            Object next = waiting.remove();
            waitingRequests -= next instanceof HttpRequest ? 1 : 0;
            take(next);
        }
        advancing = false;
        if (waiting.isEmpty() && !lingering && (exchange == null || exchange.pausedAt == 0)) {
            if (last && exchange == null) {
                linger(true);
            } else {
                channel.config().setAutoRead(true);
            }
        }
    }

    private void take(Object message) {
        if (message instanceof HttpRequest head) {
            begin(head);
        }
        if (message instanceof HttpContent content) {
            try {
                content(content);
            } finally {
                content.release();
            }
        }
    }

    private void begin(HttpRequest raw) {
        long now = System.nanoTime();
        switch (RequestHead.of(raw, server.config().limits().sizes().bodyBytes())) {
            case RequestHead.Rejected(var status, var detail) -> refuse(status, detail);
            case RequestHead.Accepted head -> {
                long since = deadlines.headEnded(now);
                Peer known = peer;
                if (known == null || deadlines.isOver(now)) {
                    channel.close();
                } else if (head.bodyLength() == 0) {
                    exchange = new Exchange(head, null, since);
                    withoutBody(exchange, known.caller());
                } else {
                    exchange = new Exchange(
                            head,
                            new BodyPipe(this, server.config().limits().times().stall()),
                            since);
                    withBody(exchange, known.caller());
                }
            }
        }
    }

    private void withoutBody(Exchange one, Caller caller) {
        Optional<Response> now;
        Request request = one.withoutBody();
        try {
            now = server.handler().now(caller, request);
        } catch (RuntimeException e) {
            now = Optional.of(server.answers().failure(request, e));
        }
        if (now.isPresent() && now.get().body() instanceof Body.Bytes) {
            answer(one, now.get());
        } else {
            Response ready = now.orElse(null);
            server.work(new Work(server, this, one, caller, ready));
        }
    }

    private void withBody(Exchange one, Caller caller) {
        if (one.head.expectsContinue()) {
            write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        server.work(new Work(server, this, one, caller, null));
    }

    private void content(HttpContent content) {
        Exchange one = exchange;
        if (one == null || one.complete || one.pipe == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            one.pipe.fail(new IOException("the body is malformed"));
            refuse(400, "The body is not written as RFC 9112 says.");
            return;
        }
        one.received += content.content().readableBytes();
        long largest = server.config().limits().sizes().bodyBytes();
        if (one.received > largest) {
            one.pipe.fail(new IOException("the body has more than " + largest + " bytes"));
            RequestHead.Rejected tooLarge = RequestHead.tooLarge(largest);
            refuse(tooLarge.status(), tooLarge.detail());
            return;
        }
        if (!one.pipe.offer(ByteBufUtil.getBytes(content.content()))) {
            one.pausedAt = System.nanoTime();
            channel.config().setAutoRead(false);
        }
        if (content instanceof LastHttpContent) {
            one.complete = true;
            one.pipe.end();
        }
    }

    @Override
    public void resume() {
        deliver(() -> {
            Exchange one = exchange;
            if (one != null && one.pausedAt != 0) {
                long now = System.nanoTime();
                one.since += now - one.pausedAt;
                one.pausedAt = 0;
                deadlines.progressed(now);
                advance();
            }
        });
    }

    @Override
    public void abandon() {
        // The answer decides what happens to the rest of the body.
    }

    /// Runs on the socket's thread soon.
    void deliver(Runnable step) {
        try {
            channel.eventLoop().execute(step);
        } catch (RejectedExecutionException _) {
            // The server is closed; so is this connection.
            channel.close();
        }
    }

    Channel channel() {
        return channel;
    }

    /// Sends an answer that is in memory as a whole.
    void answer(Exchange one, Response response) {
        if (one != exchange || one.answered) {
            return;
        }
        start(one);
        HttpResponse message;
        try {
            message = server.answers().whole(response, one.head.isHead(), one.closes);
        } catch (IllegalArgumentException e) {
            Response failure = server.answers().failure(one.withoutBody(), e);
            message = server.answers().whole(failure, one.head.isHead(), one.closes);
        }
        write(message);
        sent(one);
    }

    /// Begins an answer whose body follows; false when nobody waits for it any more.
    boolean begin(Exchange one, HttpResponse head) {
        if (one != exchange || one.answered) {
            return false;
        }
        start(one);
        if (one.closes) {
            head.headers().set("Connection", "close");
        }
        one.streaming = true;
        write(head);
        return true;
    }

    /// Ends an answer whose body has been sent.
    void end(Exchange one) {
        if (one == exchange) {
            one.streaming = false;
            write(LastHttpContent.EMPTY_LAST_CONTENT);
            sent(one);
        }
    }

    private void start(Exchange one) {
        one.answered = true;
        one.closes = last && waiting.isEmpty()
                || !one.head.keepAlive()
                || !one.complete
                || server.isDraining()
                || deadlines.isOfAge(System.nanoTime());
        deadlines.progressed(System.nanoTime());
    }

    private void sent(Exchange one) {
        if (one.closes) {
            // Who did not ask for the end may have sent further requests already.
            linger(!one.complete || one.head.keepAlive());
        } else if (channel.isWritable()) {
            rest();
        } else {
            // The socket takes no more now: the next request waits until it does.
            channel.flush();
            if (channel.isWritable()) {
                rest();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext here) {
        Exchange one = exchange;
        if (channel.isWritable() && one != null && one.answered && !one.closes && !one.streaming) {
            rest();
        }
    }

    private void rest() {
        exchange = null;
        deadlines.rested(System.nanoTime());
        advance();
    }

    private void write(Object message) {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.write(message, here.voidPromise());
            if (!reading) {
                here.flush();
            }
        }
    }

    private void refuse(int status, String detail) {
        Exchange one = exchange;
        if (one != null && one.answered) {
            channel.close();
            return;
        }
        String target = one == null ? "/" : one.head.target();
        Response problem = Problem.blank(status, detail).response(Request.get(target));
        write(server.answers().whole(problem, one != null && one.head.isHead(), true));
        linger(true);
    }

    /// Ends the connection once the peer has read what it was told: a socket closed with unread bytes in it would throw
    /// the last answer away.
    private void linger(boolean moreMayCome) {
        lingering = true;
        exchange = null;
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        deadlines.lingers(System.nanoTime() + LINGER);
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (!moreMayCome || !done.isSuccess()) {
                channel.close();
            } else {
                halfClose();
            }
        });
    }

    private void halfClose() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    /// Closes when nothing runs; a running request is the last one.
    void drain() {
        last = true;
        if (exchange == null && !lingering) {
            channel.close();
        }
    }

    private void tick(long period) {
        if (!channel.isOpen() || context == null) {
            return;
        }
        switch (deadlines.check(System.nanoTime(), exchange, lingering, channel.bytesBeforeWritable())) {
            case FINE -> {}
            case REQUEST_TOO_SLOW -> {
                if (exchange != null && exchange.pipe != null) {
                    exchange.pipe.fail(new IOException("the sender was too slow"));
                }
                refuse(408, "The request did not arrive in time.");
            }
            case OVER -> channel.close();
        }
        channel.eventLoop().schedule(() -> tick(period), period, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) throws Exception {
        Exchange one = exchange;
        if (one != null && one.pipe != null) {
            one.pipe.fail(new IOException("the sender went away"));
        }
        exchange = null;
        lingering = true;
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        super.channelInactive(here);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        log.atDebug()
                .addKeyValue("listener", server.config().name())
                .addKeyValue("peer", Peer.address(channel))
                .addKeyValue("reason", Reasons.of(cause))
                .log("connection broke");
        channel.close();
    }
}
