// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GroupCommitTest {
    private static final int QUEUED = 100;
    private static final int PAGES = 1_000;

    @TempDir
    Path folder;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private Database database;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("notes.db"), Notes.OLDER, Notes.narrow(QUEUED, QUEUED, 2, PAGES));
    }

    @AfterEach
    void close() {
        go.countDown();
        callers.close();
        database.close();
    }

    /// Keeps the writer busy until `go`, so that what comes now waits and is then committed together.
    private Future<Integer> busy() throws InterruptedException {
        Future<Integer> busy = write(_ -> {
            begun.countDown();
            await(go);
            return 0;
        });
        begun.await();
        return busy;
    }

    private Future<Integer> write(Function<Session, Integer> unit) {
        return callers.submit((Callable<Integer>) () -> database.write(unit));
    }

    private Future<Integer> put(String id) {
        return write(session -> Notes.put(session, id, "text"));
    }

    private void untilWaiting(int units) {
        while (database.waiting() < units) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }

    @Test
    void manyCallersAtOnceLoseNothing() throws Exception {
        List<String> ids = IntStream.range(0, 2_000).mapToObj("%05d"::formatted).toList();
        var slots = new Semaphore(64);
        var pending = new ArrayList<Future<Integer>>();
        for (String id : ids) {
            slots.acquire();
            pending.add(write(session -> {
                slots.release();
                return Notes.put(session, id, "text");
            }));
        }
        for (Future<Integer> one : pending) {
            assertEquals(1, one.get());
        }

        assertEquals(ids, Notes.ids(database));
    }

    @Test
    void unitsThatWaitTogetherBecomeVisibleTogether() throws Exception {
        Future<Integer> busy = busy();
        var first = new CountDownLatch(1);
        var second = new CountDownLatch(1);
        Future<Integer> a = put("a");
        untilWaiting(1);
        Future<Integer> b = write(session -> {
            first.countDown();
            await(second);
            return Notes.put(session, "b", "text");
        });
        untilWaiting(2);
        go.countDown();
        first.await();

        assertEquals(List.of(), Notes.ids(database));
        assertFalse(a.isDone());
        second.countDown();
        assertEquals(List.of(0, 1, 1), List.of(busy.get(), a.get(), b.get()));
        assertEquals(List.of("a", "b"), Notes.ids(database));
    }

    @Test
    void aUnitThatFailsFailsAlone() throws Exception {
        Future<Integer> busy = busy();
        Future<Integer> before = put("before");
        untilWaiting(1);
        Future<Integer> twice =
                write(session -> Notes.put(session, "half", "text") + Notes.put(session, "half", "text"));
        untilWaiting(2);
        Future<Integer> bug = write(session -> {
            Notes.put(session, "bug", "text");
            throw new AssertionError("a bug");
        });
        untilWaiting(3);
        Future<Integer> after = put("after");
        untilWaiting(4);
        go.countDown();

        assertEquals(List.of(0, 1, 1), List.of(busy.get(), before.get(), after.get()));
        assertInstanceOf(Fault.class, failure(twice));
        assertInstanceOf(AssertionError.class, failure(bug));
        assertEquals(List.of("after", "before"), Notes.ids(database));
    }

    @Test
    void aFullDiskFailsTheTransactionAndTheNextOneWorks() throws Exception {
        Future<Integer> busy = busy();
        Future<Integer> before = put("before");
        untilWaiting(1);
        // SQLite gives the whole transaction up when the disk is full.
        Future<Integer> large = write(session -> Notes.put(session, "large", "x".repeat(PAGES * 4096)));
        untilWaiting(2);
        go.countDown();

        assertEquals(0, busy.get());
        for (Future<Integer> one : List.of(before, large)) {
            assertEquals(
                    Fault.Kind.UNAVAILABLE,
                    assertInstanceOf(Fault.class, failure(one)).kind());
        }
        assertEquals(1, put("after").get());
        assertEquals(List.of("after"), Notes.ids(database));
    }

    @Test
    void aFullQueueTurnsCallersAway() throws Exception {
        var accepted = new ArrayList<Future<Integer>>();
        accepted.add(busy());
        for (int i = 0; i < QUEUED; i++) {
            accepted.add(put("note" + i));
        }
        untilWaiting(QUEUED);

        Fault fault = assertThrows(Fault.class, () -> database.write(session -> Notes.put(session, "late", "text")));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(fault.getMessage().contains(QUEUED + " changes wait"), fault.getMessage());
        go.countDown();
        for (Future<Integer> one : accepted) {
            one.get();
        }
        assertEquals(QUEUED, Notes.ids(database).size());
    }

    @Test
    void anInterruptedCallerWithdrawsWhatHasNotBegun() throws Exception {
        Future<Integer> busy = busy();
        var outcome = new ArrayBlockingQueue<Fault>(1);
        Thread caller = Thread.ofVirtual()
                .start(() -> outcome.add(assertThrows(
                        Fault.class, () -> database.write(session -> Notes.put(session, "withdrawn", "text")))));
        untilWaiting(1);
        caller.interrupt();

        assertEquals(Fault.Kind.UNAVAILABLE, outcome.take().kind());
        go.countDown();
        busy.get();
        put("next").get();
        assertEquals(List.of("next"), Notes.ids(database));
    }

    @Test
    void anInterruptedCallerHearsWhatBecameOfWorkThatHasBegun() throws Exception {
        var outcome = new ArrayBlockingQueue<Boolean>(1);
        Thread caller = Thread.ofVirtual().start(() -> {
            database.write(session -> {
                begun.countDown();
                await(go);
                return Notes.put(session, "begun", "text");
            });
            outcome.add(Thread.currentThread().isInterrupted());
        });
        begun.await();
        caller.interrupt();
        go.countDown();

        assertTrue(outcome.take());
        assertEquals(List.of("begun"), Notes.ids(database));
    }

    @Test
    void aUnitThatWaitsForAnotherIsABug() {
        assertThrows(IllegalStateException.class, () -> database.write(_ -> database.write(_ -> 0)));
    }

    @Test
    void closingFinishesWhatWaits() throws Exception {
        Future<Integer> busy = busy();
        Future<Integer> waiting = put("waiting");
        untilWaiting(1);
        go.countDown();
        database.close();

        assertEquals(List.of(0, 1), List.of(busy.get(), waiting.get()));
    }
}
