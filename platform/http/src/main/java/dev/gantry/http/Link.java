// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.identity.Credential;
import dev.gantry.wire.Body;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection of a client. It carries one exchange at a time; once the answer has come in as a whole and the
/// request has gone out as a whole, it offers itself for the next one.
final class Link extends ChannelInboundHandlerAdapter implements BodyPipe.Source {
    private final TransportConfig config;
    private final Consumer<Link> free;
    private final @Nullable Credential credential;
    private final int trustGeneration;
    private volatile @Nullable Channel channel;
    private volatile long usableUntil;
    private volatile long idleSince;
    private @Nullable Pending pending;

    /// An exchange under way; but for the futures and the pipe it belongs to the thread that reads the socket.
    private static final class Pending {
        final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
        final BodyPipe pipe;
        boolean sent;
        boolean interim;
        boolean keepAlive;
        long received;

        Pending(BodyPipe pipe) {
            this.pipe = pipe;
        }

        void fail(IOException why) {
            head.completeExceptionally(why);
            pipe.fail(why);
        }
    }

    /// The server closed a kept connection before it saw the request: it may be sent again.
    static final class Stale extends IOException {
        private static final long serialVersionUID = 1;

        Stale() {
            super("the connection was closed before an answer came");
        }
    }

    Link(TransportConfig config, @Nullable Credential credential, int trustGeneration, Consumer<Link> free) {
        this.config = config;
        this.credential = credential;
        this.trustGeneration = trustGeneration;
        this.free = free;
    }

    void connected(Channel made, long usableUntil) {
        channel = made;
        idleSince = System.nanoTime();
        this.usableUntil = usableUntil;
    }

    private Channel channel() {
        Channel made = channel;
        if (made == null) {
            throw new IllegalStateException("not connected");
        }
        return made;
    }

    boolean isUsable(@Nullable Credential present, int generation, long now) {
        boolean sameCredential = present == null ? credential == null : present.equals(credential);
        return channel().isActive()
                && sameCredential
                && generation == trustGeneration
                && now - usableUntil < 0
                && now - idleSince < config.limits().kept().toNanos();
    }

    void close() {
        Channel made = channel;
        if (made != null) {
            made.close();
        }
    }

    /// Sends and waits. The connection is closed on every failure.
    Response exchange(Request request) throws IOException {
        var one = new Pending(new BodyPipe(this, config.limits().stall()));
        try {
            channel().eventLoop().execute(() -> begin(one));
            send(request, one);
            HttpResponse head = one.head.get(config.limits().answer().toNanos(), TimeUnit.NANOSECONDS);
            boolean bare = request.method().equals("HEAD")
                    || Answers.carriesNothing(head.status().code());
            long length = bare ? 0 : HttpUtil.getContentLength(head, -1L);
            Body body = Work.taken(one.pipe, length);
            return new Response(head.status().code(), HttpFields.of(head.headers()), body);
        } catch (ExecutionException e) {
            close();
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (TimeoutException e) {
            close();
            throw new SocketTimeoutException(
                    "no answer within " + config.limits().answer().toMillis() + " ms");
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the answer", e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void begin(Pending one) {
        pending = one;
        if (!channel().isActive()) {
            one.fail(new Stale());
        }
    }

    private void send(Request request, Pending one) throws IOException {
        HttpMethod method = HttpMethod.valueOf(request.method());
        String target = config.path() + request.target();
        HttpHeaders fields = HttpFields.of(request.headers());
        fields.set(HttpHeaderNames.HOST, config.base().getRawAuthority());
        long length = request.body().length();
        if (length < 0) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        } else if (length > 0 || !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        }
        if (request.body() instanceof Body.Bytes(var blob)) {
            var content = blob.size() == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(blob.buffer());
            var message = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, method, target, content, fields, EmptyHttpHeaders.INSTANCE);
            channel().eventLoop().execute(() -> finish(one, message));
            return;
        }
        try (InputStream in = request.body().open()) {
            channel().writeAndFlush(new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target, fields));
            new BodyPump(channel(), config.limits().stall()).send(in, length, one.head::isDone);
            if (!one.head.isDone()) {
                channel().eventLoop().execute(() -> finish(one, LastHttpContent.EMPTY_LAST_CONTENT));
            }
        } catch (IOException e) {
            if (channel().isActive()) {
                throw e;
            }
            // Whoever refuses a body answers before it is over, and stops reading: the answer says why.
            awaitRefusal(one, e);
        }
    }

    private void awaitRefusal(Pending one, IOException why) throws IOException {
        try {
            one.head.get(config.limits().stall().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        } catch (ExecutionException | TimeoutException e) {
            why.addSuppressed(e);
            throw why;
        }
    }

    private void finish(Pending one, Object message) {
        one.sent = true;
        ChannelFuture written = channel().writeAndFlush(message);
        written.addListener(done -> {
            if (!done.isSuccess() && !channel().isActive()) {
                one.fail(new Stale());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
        try {
            Pending one = pending;
            if (one == null) {
                // Nobody asked for this.
                here.close();
                return;
            }
            if (message instanceof HttpResponse head) {
                head(here, one, head);
            }
            if (message instanceof HttpContent content && pending == one) {
                content(here, one, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(ChannelHandlerContext here, Pending one, HttpResponse head) {
        int status = head.status().code();
        one.interim = status < 200;
        if (head.decoderResult().isFailure() || status == 101) {
            broken(here, one, "the answer is not written as RFC 9112 says");
        } else if (HttpUtil.getContentLength(head, 0L) > config.limits().answerBytes()) {
            broken(here, one, tooLarge());
        } else if (!one.interim) {
            one.keepAlive = HttpUtil.isKeepAlive(head);
            one.head.complete(head);
        }
    }

    private void content(ChannelHandlerContext here, Pending one, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            broken(here, one, "the body of the answer is not written as RFC 9112 says");
            return;
        }
        one.received += content.content().readableBytes();
        if (one.received > config.limits().answerBytes()) {
            broken(here, one, tooLarge());
            return;
        }
        if (!one.pipe.offer(ByteBufUtil.getBytes(content.content()))) {
            here.channel().config().setAutoRead(false);
        }
        if (content instanceof LastHttpContent && !one.interim) {
            pending = null;
            here.channel().config().setAutoRead(true);
            if (one.sent && one.keepAlive) {
                idleSince = System.nanoTime();
                free.accept(this);
            } else {
                here.close();
            }
            // Last, so that who has read an answer to its end finds its connection free.
            one.pipe.end();
        }
    }

    private String tooLarge() {
        return "the answer has more than " + config.limits().answerBytes() + " bytes";
    }

    private void broken(ChannelHandlerContext here, Pending one, String why) {
        pending = null;
        one.fail(new IOException(why));
        here.close();
    }

    /// Comes from the reader's thread, possibly before the one that filled the pipe has paused: so it waits behind it.
    @Override
    public void resume() {
        Channel made = channel();
        try {
            made.eventLoop().execute(() -> made.config().setAutoRead(true));
        } catch (RejectedExecutionException _) {
            // The transport is closed; so is this connection.
            made.close();
        }
    }

    @Override
    public void abandon() {
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) throws Exception {
        Pending one = pending;
        pending = null;
        if (one != null) {
            one.fail(one.head.isDone() ? new IOException("the answer broke off") : new Stale());
        }
        super.channelInactive(here);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        Pending one = pending;
        pending = null;
        if (one != null) {
            one.fail(cause instanceof IOException io ? io : new IOException(Reasons.of(cause), cause));
        }
        here.close();
    }
}
