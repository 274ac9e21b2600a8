// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes, killed in the middle of it: what it said to be durable is there.
@Timeout(120)
class KillTest {
    private static final int KILLS = 4;
    private static final int WRITERS = 16;

    @TempDir
    Path folder;

    /// Writes until it is killed, two notes in each unit, and says so once they are durable.
    static final class Writing {
        private Writing() {}

        static void main(String[] arguments) {
            Database database = Notes.open(Path.of(arguments[0]));
            String round = arguments[1];
            var next = new AtomicInteger();
            for (int i = 0; i < WRITERS; i++) {
                Thread.ofPlatform().start(() -> {
                    while (true) {
                        String id = round + "-" + next.incrementAndGet();
                        database.write(session ->
                                Notes.put(session, id, "x".repeat(3_000)) + Notes.put(session, id + "-twin", "y"));
                        synchronized (next) {
                            System.out.println(id);
                        }
                    }
                });
            }
        }
    }

    /// Starts the process, kills it after so many notes, and tells which ones it has said to be durable.
    private List<String> killed(Path file, int round, int after) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writing.class.getName(),
                        file.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var said = new ArrayList<String>();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(round + "-")) {
                    said.add(line);
                }
                if (said.size() == after) {
                    // Unlike the process, its handle leaves the pipe open: what was said before is still heard.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertTrue(said.size() >= after, () -> "the writer ended by itself after " + said);
        // The last line may have been cut short by the kill.
        return said.subList(0, said.size() - 1);
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws IOException, InterruptedException {
        Path file = folder.resolve("notes.db");
        var acknowledged = new ArrayList<String>();
        for (int round = 1; round <= KILLS; round++) {
            acknowledged.addAll(killed(file, round, round * 150));

            try (Database database = Notes.open(file)) {
                Set<String> there = new HashSet<>(Notes.ids(database));
                assertEquals(
                        List.of(),
                        acknowledged.stream().filter(id -> !there.contains(id)).toList());
                assertEquals(
                        List.of(),
                        there.stream()
                                .filter(id -> !id.endsWith("-twin") && !there.contains(id + "-twin"))
                                .toList(),
                        "half a unit");
                assertEquals(
                        Optional.of("ok"),
                        database.read(
                                session -> session.find("PRAGMA integrity_check", row -> row.text("integrity_check"))));
            }
        }
    }
}
