// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Carries a body from the thread that reads the socket to the one that works on it. It holds at most [#FULL] bytes and
/// one piece: beyond that the socket is not read, so a slow reader slows the sender down instead of filling memory.
final class BodyPipe extends InputStream {
    /// Bytes that wait for the reader before the socket is left alone.
    static final int FULL = 256 << 10;

    private static final int LOW = FULL / 4;

    /// What the socket's side does for its pipe.
    interface Source {
        /// The pipe has room again.
        void resume();

        /// The reader wants no more of it.
        void abandon();
    }

    private final Source source;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private int offset;
    private int waiting;
    private boolean paused;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    /// @param patience how long a reader waits for the next piece
    BodyPipe(Source source, Duration patience) {
        this.source = source;
        this.patience = patience;
    }

    /// Adds a piece; false when the pipe is full now and the source should pause until it is resumed.
    boolean offer(byte[] piece) {
        lock.lock();
        try {
            if (closed || failure != null) {
                return true;
            }
            if (piece.length > 0) {
                pieces.add(piece);
                waiting += piece.length;
                changed.signal();
            }
            paused = waiting >= FULL;
            return !paused;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Lets the reader fail from now on; what an ended pipe still holds stays readable.
    void fail(IOException why) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = why;
                pieces.clear();
                waiting = 0;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean hasFailed() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int start, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        boolean resume;
        int count;
        lock.lock();
        try {
            byte[] piece = next();
            if (piece == null) {
                return -1;
            }
            count = Math.min(length, piece.length - offset);
            System.arraycopy(piece, offset, into, start, count);
            offset += count;
            waiting -= count;
            if (offset == piece.length) {
                pieces.remove();
                offset = 0;
            }
            resume = paused && waiting <= LOW;
            paused &= !resume;
        } finally {
            lock.unlock();
        }
        if (resume) {
            source.resume();
        }
        return count;
    }

    /// The piece to read from, or null at the end; called with the lock held.
    private byte @Nullable [] next() throws IOException {
        long left = patience.toNanos();
        while (true) {
            if (closed) {
                throw new IOException("the body was closed");
            }
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            byte[] piece = pieces.peek();
            if (piece != null || ended) {
                return piece;
            }
            if (left <= 0) {
                throw new SocketTimeoutException("nothing more of the body came within " + patience.toSeconds() + " s");
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while reading a body").initCause(e);
            }
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        boolean abandoned;
        lock.lock();
        try {
            abandoned = !ended && !closed && failure == null;
            closed = true;
            pieces.clear();
            waiting = 0;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (abandoned) {
            source.abandon();
        }
    }
}
