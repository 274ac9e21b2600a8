// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.Journal;
import dev.gantry.agent.Memory;
import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent's memory as one JSON file, replaced as a whole: a power cut leaves the old one or the new one.
///
/// A file that cannot be read is moved aside and reported, and the agent starts from an empty memory: it then
/// asks for the whole manifest again. What is lost with it is only what protects against an older manifest.
final class FileJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

    private final Path file;
    private final InstantSource clock;

    FileJournal(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public Memory load() {
        Blob bytes;
        try {
            bytes = Blob.of(Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            return Memory.EMPTY;
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "cannot read the journal " + file + ": " + e.getMessage() + "; check its permissions",
                    e);
        }
        try {
            return MemoryDocument.read(bytes);
        } catch (Fault damage) {
            setAside(damage);
            return Memory.EMPTY;
        }
    }

    private void setAside(Fault damage) {
        Path aside = file.resolveSibling(
                file.getFileName() + ".damaged-" + clock.instant().toEpochMilli());
        try {
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            LOG.atError()
                    .addKeyValue("journal", file)
                    .addKeyValue("kept", aside)
                    .addKeyValue("reason", damage.getMessage())
                    .log("journal was damaged and set aside; started from an empty memory");
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "the journal " + file + " is damaged and cannot be moved aside: " + e.getMessage()
                            + "; remove it, then start again",
                    e);
        }
    }

    @Override
    public void save(Memory memory) {
        Disk.replace(file, MemoryDocument.write(memory));
    }
}
