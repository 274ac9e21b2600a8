// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.wire.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Objects;

/// Takes a blob from the wire, and only lets it through when it has the size and the digest that were promised.
final class Transfer {
    private static final int CHUNK = 64 << 10;

    /// What is set aside before anything has arrived: a promise alone costs the other side nothing.
    private static final int FIRST_BYTES = 1 << 20;

    private Transfer() {}

    /// A small answer as a whole.
    static Blob whole(Body body, int limit, String shown) {
        try {
            return body.whole(limit);
        } catch (UncheckedIOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, shown + " broke off; try again", e);
        } catch (Fault fault) {
            throw new Fault(fault.kind(), shown + ": " + fault.getMessage(), fault);
        }
    }

    static Blob intoMemory(Body body, Descriptor promised, String shown) {
        try (InputStream in = body.open()) {
            var bytes = new ByteArrayOutputStream((int) Math.min(promised.size(), FIRST_BYTES));
            copy(in, bytes, promised, shown);
            return Blob.of(bytes.toByteArray());
        } catch (IOException e) {
            throw brokeOff(shown, e);
        }
    }

    static void intoFile(Body body, Descriptor promised, Path file, String shown) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        Disk.createFolder(folder);
        Path fresh = temporary(folder, shown);
        try (InputStream in = body.open()) {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                copy(in, out, promised, shown);
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            Disk.force(folder);
        } catch (IOException e) {
            throw brokeOff(shown, e);
        } finally {
            discard(fresh);
        }
    }

    private static Path temporary(Path folder, String shown) {
        try {
            return Files.createTempFile(folder, ".new-", "");
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "there is no room for " + shown + " in " + folder + ": " + e.getMessage() + "; free some space",
                    e);
        }
    }

    private static void discard(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException _) {
            // The disk refuses this too; whoever owns the folder sweeps files that start with a dot.
        }
    }

    private static void copy(InputStream in, OutputStream out, Descriptor promised, String shown) throws IOException {
        MessageDigest hash = Digest.sha256();
        byte[] chunk = new byte[CHUNK];
        long total = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            total += count;
            if (total > promised.size()) {
                throw Fault.invalid(shown + " is longer than the " + promised.size() + " bytes that were promised");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "the transfer of " + shown + " was cancelled");
            }
            hash.update(chunk, 0, count);
            out.write(chunk, 0, count);
        }
        if (total < promised.size()) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    shown + " broke off after " + total + " of " + promised.size() + " bytes; try again");
        }
        if (!Digest.ofHash(hash.digest()).equals(promised.digest())) {
            throw Fault.invalid(shown + " arrived with other bytes; push it again, or check what lies between");
        }
    }

    private static Fault brokeOff(String shown, IOException e) {
        return new Fault(
                Fault.Kind.UNAVAILABLE, shown + " could not be transferred: " + e.getMessage() + "; try again", e);
    }
}
