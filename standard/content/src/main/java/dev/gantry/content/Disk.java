// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// Files that survive a power cut: written beside their place, forced, renamed, and the folder forced too.
/// A full or unwritable disk is `UNAVAILABLE` and names the path; what was there before stays.
public final class Disk {
    private Disk() {}

    /// Creates a folder and its parents, readable by its owner only.
    public static void createFolder(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                return;
            }
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw unavailable("cannot create the folder " + folder, e);
        }
    }

    /// Replaces a file by new content, or leaves the old one untouched.
    public static void replace(Path file, Blob content) {
        write(file, content, "rw-r--r--");
    }

    /// The same for a file that only its owner may read.
    public static void replaceSecret(Path file, Blob content) {
        write(file, content, "rw-------");
    }

    private static void write(Path file, Blob content, String mode) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
        Path fresh = null;
        try {
            fresh = Files.createTempFile(
                    folder,
                    ".new-",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer rest = content.buffer();
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        } catch (IOException e) {
            discard(fresh);
            throw unavailable("cannot write " + file, e);
        }
    }

    /// Forces the entries of a folder to the disk, after a rename or a removal in it.
    public static void force(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void discard(@org.jspecify.annotations.Nullable Path fresh) {
        if (fresh != null) {
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException _) {
                // The disk refuses this too; the next start removes what was left over.
            }
        }
    }

    private static Fault unavailable(String what, IOException cause) {
        return new Fault(
                Fault.Kind.UNAVAILABLE,
                what + ": " + cause.getMessage() + "; free some space or check the permissions, then start again",
                cause);
    }
}
