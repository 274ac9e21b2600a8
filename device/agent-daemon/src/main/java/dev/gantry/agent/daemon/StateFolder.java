// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of everything that the agent keeps, held by one process at a time.
///
/// ```text
/// lock · journal.json · identity/ · documents/ · artifacts/ · runtime/<name>/ · collector/
/// ```
final class StateFolder implements AutoCloseable {
    private static final String UNFINISHED = ".new-";

    private final Path folder;
    private final FileChannel lock;

    private StateFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// Creates the folder where it is missing, takes it, and shows that it can be written.
    ///
    /// @throws CannotStart when another process holds it, or it cannot be written
    static StateFolder take(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        try {
            Disk.createFolder(whole);
            FileChannel channel =
                    FileChannel.open(whole.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held(channel) == null) {
                channel.close();
                throw new CannotStart(
                        Exit.IN_USE,
                        "another agent uses the state folder " + whole + "; stop it, or name another state.dir",
                        null);
            }
            sweep(whole);
            return new StateFolder(whole, channel);
        } catch (IOException | Fault e) {
            throw new CannotStart(
                    Exit.UNUSABLE,
                    "the state folder " + whole + " cannot be used: " + e.getMessage()
                            + "; check its permissions and the free space, or name another state.dir",
                    e);
        }
    }

    private static @Nullable FileLock held(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    /// What an earlier process had begun to write when it was cut off.
    private static void sweep(Path folder) throws IOException {
        for (String name : new String[] {"", "documents", "artifacts", "identity"}) {
            Path place = folder.resolve(name);
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> entries = Files.list(place)) {
                for (Path left : entries.filter(
                                entry -> entry.getFileName().toString().startsWith(UNFINISHED))
                        .toList()) {
                    Files.deleteIfExists(left);
                }
            }
        }
    }

    Path identity() {
        return folder.resolve("identity");
    }

    Path journal() {
        return folder.resolve("journal.json");
    }

    Path documents() {
        return folder.resolve("documents");
    }

    Path artifacts() {
        return folder.resolve("artifacts");
    }

    Path collector() {
        return folder.resolve("collector");
    }

    /// The folder of one runtime, made when it is missing.
    Path runtime(String name) {
        Path own = folder.resolve("runtime").resolve(name);
        Disk.createFolder(own);
        return own;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException _) {
            // The end of the process releases it too.
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
