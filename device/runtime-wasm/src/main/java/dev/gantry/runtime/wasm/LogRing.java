// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The last lines of one workload, in two files of half the limit each. A full disk loses lines, never the workload.
final class LogRing {
    private static final String NOW = "workload.log";
    private static final String BEFORE = "workload.log.1";

    private final Path folder;
    private final long half;
    private final InstantSource clock;
    private long size;

    /// @param bytes of both files together, at most
    LogRing(Path folder, long bytes, InstantSource clock) {
        this.folder = folder;
        this.half = bytes / 2;
        this.clock = clock;
        try {
            size = Files.exists(folder.resolve(NOW)) ? Files.size(folder.resolve(NOW)) : 0;
        } catch (IOException _) {
            size = 0;
        }
    }

    synchronized void add(boolean error, String line) {
        byte[] bytes = (clock.instant() + (error ? " err " : " out ") + line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (size + bytes.length > half && size > 0) {
                Files.move(folder.resolve(NOW), folder.resolve(BEFORE), StandardCopyOption.REPLACE_EXISTING);
                size = 0;
            }
            Files.write(folder.resolve(NOW), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            size += bytes.length;
        } catch (IOException _) {
            // Nowhere to put it; the workload goes on.
        }
    }

    /// The lines that are kept, oldest first, each with its time and `out` or `err`.
    synchronized List<String> lines() {
        var lines = new ArrayList<String>();
        for (String name : List.of(BEFORE, NOW)) {
            try {
                if (Files.exists(folder.resolve(name))) {
                    lines.addAll(Files.readAllLines(folder.resolve(name)));
                }
            } catch (IOException _) {
                // Removed meanwhile.
            }
        }
        return lines;
    }
}
