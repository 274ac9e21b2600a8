// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A bounded pool of connections that only read. Each reading sees the database as it was at one moment.
final class Readers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Readers.class);

    private final Engine engine;
    private final DatabaseLimits limits;
    private final Semaphore free;
    private final Queue<Session> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Readers(Engine engine, DatabaseLimits limits) {
        this.engine = engine;
        this.limits = limits;
        this.free = new Semaphore(limits.readers());
    }

    <T> T run(Function<Session, T> work) {
        acquire();
        try {
            if (closed) {
                throw new Fault(Fault.Kind.UNAVAILABLE, engine.name() + " is closed");
            }
            return reading(work);
        } catch (SQLException e) {
            throw engine.fault(e);
        } finally {
            free.release();
        }
    }

    private void acquire() {
        try {
            if (!free.tryAcquire(limits.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Fault(
                        Fault.Kind.UNAVAILABLE, engine.name() + " is busy: all " + limits.readers() + " readers work");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Kind.UNAVAILABLE, engine.name() + ": interrupted", e);
        }
    }

    private <T> T reading(Function<Session, T> work) throws SQLException {
        Session kept = idle.poll();
        Session session = kept == null ? new Session(engine.reader(), engine) : kept;
        boolean whole = false;
        try {
            session.connection().setAutoCommit(false);
            T result = work.apply(session);
            session.connection().rollback();
            session.connection().setAutoCommit(true);
            whole = session.failure().isEmpty();
            return result;
        } finally {
            if (whole) {
                idle.add(session);
            } else {
                close(session);
            }
        }
    }

    private static void close(Session session) {
        try {
            session.connection().close();
        } catch (SQLException e) {
            log.atWarn().setCause(e).log("connection did not close");
        }
    }

    /// Waits for those who read, then lets nobody in any more.
    @Override
    public void close() {
        free.acquireUninterruptibly(limits.readers());
        closed = true;
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            close(session);
        }
        free.release(limits.readers());
    }
}
