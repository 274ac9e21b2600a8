// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import dev.gantry.wire.Body;
import dev.gantry.wire.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Blobs that are on their way in: one file each, whose length is how far the upload got, so that it can go on after a
/// restart. A chunk is taken whole or not at all; a finished upload is verified before it becomes a blob.
final class Uploads {
    private static final int CHUNK = 64 << 10;

    private final Path folder;
    private final Store store;
    private final RegistryLimits limits;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Set<Path> busy = ConcurrentHashMap.newKeySet();

    /// @param folder for unfinished uploads, on the same disk as the store
    Uploads(Path folder, Store store, RegistryLimits limits, InstantSource clock, Supplier<UUID> ids) {
        this.folder = folder;
        Disk.createFolder(folder);
        this.store = store;
        this.limits = limits;
        this.clock = clock;
        this.ids = ids;
    }

    /// Begins an upload and gives its id.
    String start(String repository) {
        if (sweep() >= limits.uploads()) {
            throw new OciError(
                    OciError.Code.TOOMANYREQUESTS,
                    "there are " + limits.uploads() + " unfinished uploads; finish or cancel some, or wait "
                            + limits.uploadAge());
        }
        String id = ids.get().toString();
        try {
            Files.createFile(file(repository, id));
        } catch (IOException e) {
            throw Store.unavailable("start an upload to " + repository, e);
        }
        return id;
    }

    /// Removes uploads that nobody finished in time; gives how many are left.
    int sweep() {
        int left = 0;
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (busy.contains(file) || !expired(file)) {
                    left++;
                } else {
                    Files.deleteIfExists(file);
                }
            }
            return left;
        } catch (IOException e) {
            throw Store.unavailable("look through unfinished uploads", e);
        }
    }

    private boolean expired(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .plus(limits.uploadAge())
                    .isBefore(clock.instant());
        } catch (NoSuchFileException _) {
            return true;
        }
    }

    private Path file(String repository, String id) {
        return folder.resolve(id + "~" + repository.replace('/', '~'));
    }

    /// How many bytes have arrived.
    long size(String repository, String id) {
        try {
            return Files.size(existing(repository, id));
        } catch (IOException e) {
            throw Store.unavailable("look at the upload " + id, e);
        }
    }

    private Path existing(String repository, String id) {
        Path file = file(repository, uuid(id));
        if (!Files.isRegularFile(file)) {
            throw unknown();
        }
        return file;
    }

    private static OciError unknown() {
        return new OciError(OciError.Code.BLOB_UPLOAD_UNKNOWN, "there is no such upload; start a new one");
    }

    private static String uuid(String id) {
        try {
            return UUID.fromString(id).toString();
        } catch (IllegalArgumentException _) {
            throw unknown();
        }
    }

    /// Forgets an upload.
    void cancel(String repository, String id) {
        alone(existing(repository, id), file -> {
            Files.delete(file);
            return 0L;
        });
    }

    /// Appends a chunk and gives the new length.
    ///
    /// @param from where the client believes the chunk begins, or -1 when it does not say
    /// @param length that the client promises, or -1
    long append(String repository, String id, long from, long length, Body body) {
        return alone(existing(repository, id), file -> take(file, from, length, body, Digest.sha256()));
    }

    /// Appends the last chunk, verifies the whole, and makes it a blob.
    void finish(String repository, String id, long from, Body body, Digest promised) {
        alone(existing(repository, id), file -> {
            long before = Files.size(file);
            MessageDigest hash = Digest.sha256();
            take(file, from, body.length(), body, hash);
            Digest found = before == 0 ? Digest.ofHash(hash.digest()) : hashed(file);
            if (!found.equals(promised)) {
                Files.delete(file);
                throw new OciError(
                        OciError.Code.DIGEST_INVALID,
                        "the content has the digest " + found + ", not " + promised + "; upload it again");
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            store.adopt(repository, promised, file);
            return 0L;
        });
    }

    private interface Work {
        long on(Path file) throws IOException;
    }

    /// One request at a time may work on an upload.
    private long alone(Path file, Work work) {
        if (!busy.add(file)) {
            throw new OciError(
                    OciError.Code.BLOB_UPLOAD_INVALID, 409, "another request is writing to this upload", Headers.NONE);
        }
        try {
            return work.on(file);
        } catch (IOException e) {
            throw Store.unavailable("write the upload " + file.getFileName(), e);
        } finally {
            busy.remove(file);
        }
    }

    private long take(Path file, long from, long length, Body body, MessageDigest hash) throws IOException {
        long before = Files.size(file);
        if (from >= 0 && from != before) {
            throw new OciError(
                    OciError.Code.BLOB_UPLOAD_INVALID,
                    416,
                    "the upload has " + before + " bytes, the chunk begins at " + from,
                    Headers.of("Range", range(before)));
        }
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            try (InputStream in = body.open()) {
                long added = copy(in, out, before, hash);
                if (length >= 0 && added != length) {
                    throw new OciError(
                            OciError.Code.SIZE_INVALID,
                            "the chunk has " + added + " bytes, " + length + " were promised");
                }
                return before + added;
            } catch (IOException | RuntimeException e) {
                out.truncate(before);
                throw e;
            }
        }
    }

    private long copy(InputStream in, FileChannel out, long before, MessageDigest hash) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long added = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            added += count;
            if (before + added > limits.blobBytes()) {
                throw new OciError(
                        OciError.Code.SIZE_INVALID,
                        413,
                        "the blob has more than " + limits.blobBytes() + " bytes",
                        Headers.NONE);
            }
            hash.update(chunk, 0, count);
            ByteBuffer rest = ByteBuffer.wrap(chunk, 0, count);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        }
        return added;
    }

    private static Digest hashed(Path file) throws IOException {
        MessageDigest hash = Digest.sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                hash.update(chunk, 0, count);
            }
        }
        return Digest.ofHash(hash.digest());
    }

    /// How far an upload got, as clients read it: `0-` and the last byte.
    static String range(long size) {
        return "0-" + Math.max(0, size - 1);
    }
}
