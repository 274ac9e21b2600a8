// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Sends a stream as the content of a message, from a thread that may block: at most [#UNDERWAY] pieces are on their
/// way to the socket at once. Each piece is sent as soon as it can be read, so a stream of events arrives event by
/// event.
final class BodyPump {
    private static final int PIECE = 64 << 10;
    private static final int UNDERWAY = 4;

    private final Channel channel;
    private final Duration stall;
    private final Semaphore slots = new Semaphore(UNDERWAY);

    /// @param stall how long the receiver may take nothing
    BodyPump(Channel channel, Duration stall) {
        this.channel = channel;
        this.stall = stall;
    }

    /// Sends `length` bytes, or all up to the end where it is -1.
    ///
    /// @param enough asked before each piece; true ends the sending early
    /// @throws IOException when the stream breaks off or ends too early, or the receiver is gone or takes nothing
    void send(InputStream from, long length, BooleanSupplier enough) throws IOException {
        long left = length < 0 ? Long.MAX_VALUE : length;
        while (left > 0 && !enough.getAsBoolean()) {
            ByteBuf piece = channel.alloc().directBuffer((int) Math.min(PIECE, left));
            boolean handedOver = false;
            try {
                int count = piece.writeBytes(from, (int) Math.min(PIECE, left));
                if (count < 0) {
                    if (length >= 0) {
                        throw new EOFException("the body ended " + left + " bytes too early");
                    }
                    return;
                }
                left -= count;
                await();
                handedOver = true;
                channel.writeAndFlush(new DefaultHttpContent(piece)).addListener(_ -> slots.release());
            } finally {
                if (!handedOver) {
                    piece.release();
                }
            }
        }
    }

    private void await() throws IOException {
        try {
            if (!slots.tryAcquire(stall.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("the receiver took nothing for " + stall.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while sending a body").initCause(e);
        }
        if (!channel.isActive()) {
            throw new IOException("the receiver is gone");
        }
    }
}
