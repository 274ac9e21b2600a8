// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.wire.Body;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What one side has sent is never far ahead of what the other one has read, so memory does not grow with the body. The
/// two halves are tried step by step, without sockets and without waiting; then both together over real ones.
@Timeout(120)
class BodyFlowTest {
    /// More than [#AHEAD], so that a side that does not wait is found out.
    private static final int LARGE = 40 << 20;
    /// What pipes, pieces under way and the sockets of a machine with usual settings may hold.
    private static final int AHEAD = 24 << 20;
    /// Bytes of pieces that [BodyPump] lets be under way, and the one it holds while it waits.
    private static final int PUMPED = 5 * (64 << 10);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void aPumpTakesNoMoreFromItsStreamThanTheSocketHasTaken() {
        var stuck = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
            }
        });
        var source = new Pattern(LARGE);
        var pump = new BodyPump(stuck, Duration.ofNanos(1));
        assertThrows(SocketTimeoutException.class, () -> pump.send(source, LARGE, () -> false));
        assertEquals(PUMPED, source.made());
    }

    @Test
    void aPumpGoesOnWhenTheSocketHasTakenSomething() throws IOException {
        var taking = new EmbeddedChannel();
        var source = new Pattern(10 * PUMPED);
        new BodyPump(taking, Duration.ofNanos(1)).send(source, -1, () -> false);
        assertEquals(10 * PUMPED, source.made());
        taking.finishAndReleaseAll();
    }

    @Test
    void aFullPipeAsksItsSourceToPauseUntilItHasRoomAgain() throws IOException {
        var resumed = new ArrayList<Integer>();
        var pipes = new ArrayList<BodyPipe>();
        var pipe = new BodyPipe(
                new BodyPipe.Source() {
                    @Override
                    public void resume() {
                        resumed.add(pipes.getFirst().available());
                    }

                    @Override
                    public void abandon() {
                        throw new AssertionError("is read to its end");
                    }
                },
                Duration.ofNanos(1));
        pipes.add(pipe);
        byte[] piece = new byte[BodyPipe.FULL / 4];
        assertTrue(pipe.offer(piece));
        assertTrue(pipe.offer(piece));
        assertTrue(pipe.offer(piece));
        assertFalse(pipe.offer(piece));
        assertEquals(2 * piece.length, pipe.readNBytes(2 * piece.length).length);
        assertEquals(List.of(), resumed);
        assertEquals(piece.length, pipe.readNBytes(piece.length).length);
        assertEquals(List.of(piece.length), resumed);
        pipe.end();
        assertEquals(piece.length, pipe.readAllBytes().length);
    }

    /// The reader may empty the pipe between the moment it is full and the moment the socket is paused.
    @Test
    void aReaderThatIsFasterThanThePauseDoesNotUndoItsOwnResume() {
        var link = new Link(TransportConfig.plain(URI.create("http://127.0.0.1")), null, 0, _ -> {});
        var channel = new EmbeddedChannel(link);
        link.connected(channel, Long.MAX_VALUE);
        link.resume();
        channel.config().setAutoRead(false);
        channel.runPendingTasks();
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void aLargeRequestIsSentNoFasterThanItIsRead() throws Exception {
        var source = new Pattern(LARGE);
        HttpTransport client = talkingTo((_, request) -> {
            try (InputStream in = request.body().open()) {
                return Response.of(200, "text/plain", Blob.utf8(readInSteps(in, source)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        var upload = Request.of("PUT", "/x").with("a/b", new Body.Stream(source, LARGE));
        assertEquals("all", client.send(upload).body().whole(1000).text());
    }

    @Test
    void aLargeAnswerIsSentNoFasterThanItIsRead() throws Exception {
        var source = new Pattern(LARGE);
        HttpTransport client = talkingTo((_, _) -> new Response(200, Headers.NONE, new Body.Stream(source, -1)));
        try (InputStream in = client.send(Request.get("/x")).body().open()) {
            assertEquals("all", readInSteps(in, source));
        }
    }

    @Test
    void anAbandonedAnswerEndsItsConnection() throws Exception {
        var source = new Pattern(LARGE);
        var closed = new CountDownLatch(1);
        var noticing = new FilterInputStream(source) {
            @Override
            public void close() {
                closed.countDown();
            }
        };
        HttpTransport client = talkingTo((_, _) -> new Response(200, Headers.NONE, new Body.Stream(noticing, -1)));
        client.send(Request.get("/x")).body().open().close();
        assertTrue(closed.await(60, TimeUnit.SECONDS));
        assertTrue(source.made() < LARGE);
    }

    private HttpTransport talkingTo(Handler handler) {
        HttpServer server = HttpServer.start(
                ListenerConfig.of("test", "127.0.0.1", 0).within(ListenerLimits.DEFAULT.withBodyBytes(LARGE)), handler);
        opened.add(server);
        var client = new HttpTransport(TransportConfig.plain(URI.create("http://127.0.0.1:" + server.port())));
        opened.add(client);
        return client;
    }

    /// Reads to the end and compares. The bound holds at each step however the threads are scheduled: what has been
    /// made but not read lies in pipes and sockets.
    private static String readInSteps(InputStream in, Pattern source) throws IOException {
        byte[] piece = new byte[1 << 20];
        long read = 0;
        for (int count = in.readNBytes(piece, 0, piece.length);
                count > 0;
                count = in.readNBytes(piece, 0, piece.length)) {
            for (int i = 0; i < count; i += 997) {
                if (piece[i] != Pattern.at(read + i)) {
                    return "a wrong byte at " + (read + i);
                }
            }
            read += count;
            if (source.made() - read > AHEAD) {
                return (source.made() - read) + " bytes ahead";
            }
        }
        return read == LARGE ? "all" : "only " + read + " bytes";
    }
}
