// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Telemetry in numbered files of bounded size; the oldest file goes when there are too many, and what it held is
/// counted. Messages are written but not forced: a power cut may cost the last ones, never the order of the
/// others.
///
/// ```text
///  segment-7  segment-8  segment-9        each record: length · signal · encoding · milliseconds · bytes
///  └ next to go                └ written to
/// ```
public final class SignalRing implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("segment-(\\d{1,18})");
    private static final int HEAD = Integer.BYTES + 2 + Long.BYTES;

    private final Path folder;
    private final RingLimits limits;
    private final TreeMap<Long, Integer> records = new TreeMap<>();
    private FileChannel writing;
    private long dropped;

    /// Opens the ring and repairs the end of a segment that was cut off.
    public SignalRing(Path folder, RingLimits limits) {
        this.folder = folder;
        this.limits = limits;
        Disk.createFolder(folder);
        try {
            for (long number : numbers()) {
                records.put(number, repaired(number));
            }
            writing = opened(records.isEmpty() ? 1 : records.lastKey());
            makeRoom();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private List<Long> numbers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Long.parseLong(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private Path path(long number) {
        return folder.resolve("segment-" + number);
    }

    private FileChannel opened(long number) throws IOException {
        records.putIfAbsent(number, 0);
        return FileChannel.open(
                path(number), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /// Keeps a message; `UNAVAILABLE` when the disk is full.
    public synchronized void append(Batch batch) {
        int size = batch.message().size();
        if (size > limits.messageBytes()) {
            throw Fault.invalid("the message has " + size + " bytes, the limit is " + limits.messageBytes());
        }
        try {
            if (writing.size() > 0 && writing.size() + HEAD + size > limits.segmentBytes()) {
                FileChannel fresh = opened(records.lastKey() + 1);
                writing.close();
                writing = fresh;
                makeRoom();
            }
            write(batch, size);
            records.merge(records.lastKey(), 1, Integer::sum);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void write(Batch batch, int size) throws IOException {
        long before = writing.size();
        ByteBuffer record = ByteBuffer.allocate(HEAD + size)
                .putInt(size)
                .put((byte) batch.signal().code())
                .put((byte) batch.encoding().code())
                .putLong(batch.received().toEpochMilli())
                .put(batch.message().buffer())
                .flip();
        try {
            while (record.hasRemaining()) {
                writing.write(record);
            }
        } catch (IOException e) {
            writing.truncate(before);
            throw e;
        }
    }

    private void makeRoom() throws IOException {
        while (records.size() > limits.segments()) {
            var oldest = records.firstEntry();
            Files.deleteIfExists(path(oldest.getKey()));
            records.remove(oldest.getKey());
            dropped += oldest.getValue();
        }
    }

    /// How many messages had to go since the start, because the ring was full.
    public synchronized long dropped() {
        return dropped;
    }

    /// How many messages are kept.
    public synchronized long size() {
        return records.values().stream().mapToLong(Integer::longValue).sum();
    }

    /// The oldest messages, in their order.
    ///
    /// @param most at most this many
    public synchronized List<Batch> oldest(int most) {
        var batches = new ArrayList<Batch>();
        try {
            for (long number : records.navigableKeySet()) {
                read(number, batches, most);
            }
            return List.copyOf(batches);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Reads whole records and says how many bytes they take.
    private long read(long number, List<Batch> into, int most) throws IOException {
        long good = 0;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path(number))))) {
            while (into.size() < most) {
                int size = in.readInt();
                Optional<Signal> signal = Signal.coded(in.readByte());
                Optional<Encoding> encoding = Encoding.coded(in.readByte());
                Instant received = Instant.ofEpochMilli(in.readLong());
                if (size < 0 || size > limits.messageBytes() || signal.isEmpty() || encoding.isEmpty()) {
                    return good;
                }
                byte[] bytes = in.readNBytes(size);
                if (bytes.length < size) {
                    return good;
                }
                into.add(new Batch(signal.get(), encoding.get(), received, Blob.of(bytes)));
                good += HEAD + size;
            }
        } catch (EOFException _) {
            // The end, or a record that a power cut has cut off.
        }
        return good;
    }

    /// Cuts a segment behind its last whole record; says how many it has.
    private int repaired(long number) throws IOException {
        var whole = new ArrayList<Batch>();
        long good = read(number, whole, Integer.MAX_VALUE);
        if (good < Files.size(path(number))) {
            try (var channel = FileChannel.open(path(number), StandardOpenOption.WRITE)) {
                channel.truncate(good);
            }
        }
        return whole.size();
    }

    private Fault unusable(IOException e) {
        return new Fault(
                Fault.Kind.UNAVAILABLE,
                "cannot keep telemetry in " + folder + ": " + e.getMessage() + "; free some space",
                e);
    }

    @Override
    public synchronized void close() {
        try {
            writing.close();
        } catch (IOException _) {
            // What was written is written; there is nothing left to do with this file.
        }
    }
}
