// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One caller's work on its way through [GroupCommit].
final class Unit<T> {
    private final Function<Session, T> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private State state = State.WAITING;
    private @Nullable T result;
    private @Nullable Throwable failure;

    private enum State {
        WAITING,
        RUNNING,
        WITHDRAWN,
        SUCCEEDED,
        FAILED
    }

    Unit(Function<Session, T> work) {
        this.work = work;
    }

    /// Whether the work is still wanted; it can then no longer be withdrawn.
    boolean begin() {
        return move(State.WAITING, State.RUNNING);
    }

    /// Does the work.
    ///
    /// @return why it failed; null when it did not
    @SuppressWarnings("CatchingUnchecked")
    @Nullable
    Throwable run(Session session) {
        try {
            result = work.apply(session);
            return session.failure().orElse(null);
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    void succeed() {
        move(State.RUNNING, State.SUCCEEDED);
    }

    /// Ends the work with an error, unless it has ended already.
    void fail(Throwable why) {
        lock.lock();
        try {
            if (state == State.WAITING || state == State.RUNNING) {
                failure = why;
                state = State.FAILED;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean move(State from, State to) {
        lock.lock();
        try {
            if (state != from) {
                return false;
            }
            state = to;
            moved.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the end. An interrupt withdraws work that has not begun; otherwise its outcome is waited for.
    T await() {
        boolean interrupted = false;
        lock.lock();
        try {
            while (state == State.WAITING || state == State.RUNNING) {
                try {
                    moved.await();
                } catch (InterruptedException _) {
                    interrupted = true;
                    if (state == State.WAITING) {
                        state = State.WITHDRAWN;
                    }
                    moved.signalAll();
                    if (state == State.RUNNING) {
                        awaitEnd();
                    }
                }
            }
            return outcome();
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitEnd() {
        while (state == State.RUNNING) {
            moved.awaitUninterruptibly();
        }
    }

    private T outcome() {
        if (state == State.WITHDRAWN) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "interrupted before the change was begun; nothing was changed");
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (result == null) {
            throw new IllegalStateException("a unit of work returned null");
        }
        return result;
    }
}
