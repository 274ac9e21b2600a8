// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only writer. Units of work that wait together share one transaction, and so one write to the disk: the
/// more callers there are, the cheaper each becomes.
///
/// ```
/// waiting ──► running, between two savepoints ──► committed ──► its caller goes on
///    │                     └─► rolled back alone ─────────────► its caller gets its error
///    └─► withdrawn, when its caller was interrupted
/// ```
final class GroupCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private final Engine engine;
    private final DatabaseLimits limits;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Queue<Unit<?>> waiting = new ArrayDeque<>();
    private boolean closed;
    /// Belongs to the writing thread alone.
    private @Nullable Session session;

    /// Takes a connection at once, so that a file that cannot be written stops the start.
    GroupCommit(Engine engine, DatabaseLimits limits) throws SQLException {
        this.engine = engine;
        this.limits = limits;
        this.session = new Session(engine.writer(), engine);
        this.thread = Thread.ofPlatform().daemon().name("sql-writer").unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /// Runs a unit and returns when it is durable.
    <T> T run(Function<Session, T> work) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a unit of work cannot wait for another one: do it in the same unit");
        }
        var unit = new Unit<>(work);
        lock.lock();
        try {
            if (closed) {
                throw new Fault(Fault.Kind.UNAVAILABLE, engine.name() + " is closed");
            }
            if (waiting.size() >= limits.queuedUnits()) {
                throw new Fault(
                        Fault.Kind.UNAVAILABLE,
                        engine.name() + " is behind: " + limits.queuedUnits() + " changes wait already");
            }
            waiting.add(unit);
            arrived.signal();
        } finally {
            lock.unlock();
        }
        return unit.await();
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        List<Unit<?>> batch = next();
        while (!batch.isEmpty()) {
            commit(batch);
            batch = next();
        }
        discard();
    }

    /// What waits, up to the limit; empty when this was closed and nothing waits any more.
    private List<Unit<?>> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
            var batch = new ArrayList<Unit<?>>();
            while (!waiting.isEmpty() && batch.size() < limits.unitsPerCommit()) {
                batch.add(waiting.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Whatever happens, every unit of the batch is answered.
    @SuppressWarnings("CatchingUnchecked")
    private void commit(List<Unit<?>> batch) {
        try {
            Session open = open();
            Connection connection = open.connection();
            connection.setAutoCommit(false);
            for (Unit<?> unit : batch) {
                if (unit.begin()) {
                    attempt(open, unit);
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            batch.forEach(Unit::succeed);
        } catch (SQLException e) {
            Fault first = session == null ? engine.fault(e) : session.failure().orElseGet(() -> engine.fault(e));
            lost(batch, first.kind(), first);
        } catch (RuntimeException | Error e) {
            lost(batch, Fault.Kind.BROKEN, e);
        }
    }

    /// Nothing of a transaction was kept: not the units' fault, but theirs to hear.
    private void lost(List<Unit<?>> batch, Fault.Kind kind, Throwable why) {
        log.atError().setCause(why).addKeyValue("units", batch.size()).log("transaction lost");
        discard();
        String message = engine.name() + " has kept nothing of this change: " + why.getMessage();
        batch.forEach(unit -> unit.fail(new Fault(kind, message, why)));
    }

    /// Runs one unit; when it fails, nothing of it stays and the others go on.
    ///
    /// @throws SQLException when the transaction itself is lost: on a full disk SQLite gives up all of it
    private static void attempt(Session session, Unit<?> unit) throws SQLException {
        Connection connection = session.connection();
        Savepoint before = connection.setSavepoint();
        Throwable failure = unit.run(session);
        if (failure == null) {
            connection.releaseSavepoint(before);
        } else {
            unit.fail(failure);
            connection.rollback(before);
            connection.releaseSavepoint(before);
            session.recovered();
        }
    }

    private Session open() throws SQLException {
        if (session == null) {
            session = new Session(engine.writer(), engine);
        }
        return session;
    }

    /// Gives the connection up, and with it whatever was not committed.
    private void discard() {
        if (session != null) {
            try {
                session.connection().close();
            } catch (SQLException e) {
                log.atWarn().setCause(e).log("connection did not close");
            }
            session = null;
        }
    }

    /// Takes no more units, finishes those that wait.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        if (thread.getState() == Thread.State.NEW) {
            discard();
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
