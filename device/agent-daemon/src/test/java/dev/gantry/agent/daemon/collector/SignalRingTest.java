// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalRingTest {
    private static final RingLimits SMALL = new RingLimits(100, 800, 4);

    @TempDir
    Path folder;

    private static Batch batch(int number) {
        return new Batch(
                Signal.LOGS, Encoding.PROTOBUF, Instant.ofEpochMilli(number), Blob.of(new byte[80 + number % 10]));
    }

    private static List<Long> times(SignalRing ring) {
        return ring.oldest(1_000).stream()
                .map(batch -> batch.received().toEpochMilli())
                .toList();
    }

    @Test
    void theOldestGoFirstAndAreCounted() throws IOException {
        try (var ring = new SignalRing(folder, SMALL)) {
            IntStream.range(0, 100).mapToObj(SignalRingTest::batch).forEach(ring::append);

            List<Long> kept = times(ring);
            assertEquals(100, ring.size() + ring.dropped());
            assertEquals(ring.size(), kept.size());
            assertEquals(
                    IntStream.range(100 - kept.size(), 100)
                            .mapToLong(i -> i)
                            .boxed()
                            .toList(),
                    kept);
            assertTrue(kept.size() >= SMALL.segments(), "kept " + kept.size());
        }
        try (Stream<Path> files = Files.list(folder)) {
            long bytes = files.mapToLong(file -> file.toFile().length()).sum();
            assertTrue(bytes <= SMALL.ringBytes(), bytes + " bytes");
        }
    }

    @Test
    void whatWasKeptIsThereAfterARestartAndGoesOn() {
        try (var ring = new SignalRing(folder, SMALL)) {
            ring.append(batch(1));
            ring.append(batch(2));
        }
        try (var ring = new SignalRing(folder, SMALL)) {
            ring.append(batch(3));

            assertEquals(List.of(1L, 2L, 3L), times(ring));
        }
    }

    @Test
    void aRecordThatAPowerCutHasCutOffIsRemovedAndTheRestStays() throws IOException {
        try (var ring = new SignalRing(folder, SMALL)) {
            ring.append(batch(1));
            ring.append(batch(2));
        }
        Path segment = folder.resolve("segment-1");
        try (var channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 5);
        }

        try (var ring = new SignalRing(folder, SMALL)) {
            ring.append(batch(3));

            assertEquals(List.of(1L, 3L), times(ring));
            assertEquals(2, ring.size());
        }
    }

    @Test
    void bytesThatAreNoRecordAreRemoved() throws IOException {
        Files.write(folder.resolve("segment-4"), new byte[] {-1, -1, -1, -1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
        Files.writeString(folder.resolve("notes"), "not a segment");

        try (var ring = new SignalRing(folder, SMALL)) {
            assertEquals(0, ring.size());
            ring.append(batch(1));
            assertEquals(List.of(1L), times(ring));
        }
    }

    @Test
    void aMessageAboveTheLimitIsRefused() {
        try (var ring = new SignalRing(folder, SMALL)) {
            var large = new Batch(Signal.LOGS, Encoding.JSON, Instant.EPOCH, Blob.of(new byte[101]));

            assertThrows(Fault.class, () -> ring.append(large));
        }
    }
}
