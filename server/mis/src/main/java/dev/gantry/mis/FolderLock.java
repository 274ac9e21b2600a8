// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second process away from the state folder; the end of this one releases it in any case.
final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// `UNAVAILABLE` when another process has the folder.
    static FolderLock of(Path folder) {
        try {
            var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held(channel) == null) {
                channel.close();
                throw new Fault(
                        Fault.Kind.UNAVAILABLE,
                        "another identity service uses the folder " + folder + "; stop it, or name another state.dir");
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot lock the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock held(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The end of the process releases it too.
        }
    }
}
