// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The process of one module: reads its [Launch] from standard input, tells [Event]s on standard output, and ends when
/// the module ends, when it is told to, or when standard input ends, because then the agent is gone: a restarted agent
/// never finds a second copy (see [ProcessCarrier]).
public final class WasmHost {
    /// Sent to a process to end it.
    static final int STOP = 1;

    /// Another process holds the lock of this instance.
    static final int EXIT_LOCKED = 4;

    private static final Duration TICK = Duration.ofMillis(250);

    private final DataOutputStream out;
    private final CountDownLatch over = new CountDownLatch(1);

    private WasmHost(DataOutputStream out) {
        this.out = out;
    }

    /// Started by [ProcessCarrier] only; without arguments.
    public static void main(String[] args) throws IOException {
        var in = new DataInputStream(System.in);
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err);
        Launch launch = Launch.readFrom(in);
        FileLock lock = lock(launch.lock());
        if (lock == null) {
            Runtime.getRuntime().halt(EXIT_LOCKED);
        }
        int code = new WasmHost(out).run(launch, in);
        Runtime.getRuntime().halt(code);
    }

    /// Takes the lock of this instance and writes who holds it; it is let go when the process ends, however it ends.
    private static @org.jspecify.annotations.Nullable FileLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock != null) {
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        }
        return lock;
    }

    private int run(Launch launch, DataInputStream in) {
        var guest = new Guest(launch, this::tell);
        Thread.ofVirtual().start(() -> obey(in, guest));
        var ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("ticker").factory());
        var _ = ticker.scheduleAtFixedRate(
                () -> guest.tick(WasmHost::processorTime), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        guest.start();
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static long processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    /// Waits for the word to stop. The end of input means that the agent has gone, and nobody is there to be told.
    private static void obey(DataInputStream in, Guest guest) {
        try {
            if (in.read() == STOP) {
                guest.interrupt(new Event.Ended("", "was stopped"));
                while (in.read() >= 0) {
                    // Only the end of input counts now.
                }
            }
        } catch (IOException _) {
            // The same as the end of input.
        }
        Runtime.getRuntime().halt(0);
    }

    private synchronized void tell(Event event) {
        try {
            Event.write(event, out);
        } catch (IOException e) {
            Runtime.getRuntime().halt(0);
            throw new UncheckedIOException(e);
        }
        if (event instanceof Event.Ended) {
            over.countDown();
        }
    }
}
