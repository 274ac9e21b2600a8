// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("state/notes.db");
    }

    @Test
    void whatWasWrittenIsReadAfterARestart() {
        try (Database database = Notes.open(file)) {
            database.write(session -> Notes.put(session, "a", "first"));
        }
        try (Database database = Notes.open(file)) {
            assertEquals(Optional.of("first"), database.read(session -> Notes.get(session, "a")));
        }
    }

    @Test
    void aUnitThatFailsLeavesNothingBehind() {
        try (Database database = Notes.open(file)) {
            var bug = new IllegalArgumentException("a bug");

            var thrown = assertThrows(
                    IllegalArgumentException.class,
                    () -> database.write(session -> {
                        Notes.put(session, "a", "first");
                        throw bug;
                    }));

            assertSame(bug, thrown);
            assertEquals(List.of(), Notes.ids(database));
        }
    }

    @Test
    void aUnitThatHidesItsFailureFailsAllTheSame() {
        try (Database database = Notes.open(file)) {
            Fault fault = assertThrows(
                    Fault.class,
                    () -> database.write(session -> {
                        Notes.put(session, "a", "first");
                        try {
                            return Notes.put(session, "a", "second");
                        } catch (Fault _) {
                            return Notes.ids(database).size();
                        }
                    }));

            assertEquals(Fault.Kind.BROKEN, fault.kind());
            assertEquals(List.of(), Notes.ids(database));
            database.write(session -> Notes.put(session, "b", "the next unit is not harmed"));
            assertEquals(List.of("b"), Notes.ids(database));
        }
    }

    @Test
    void anErrorNamesTheFileAndNoValue() {
        try (Database database = Notes.open(file)) {
            Fault fault = assertThrows(
                    Fault.class,
                    () -> database.write(session -> session.update(
                            "INSERT INTO notes (id, text, parent) VALUES (?, ?, ?)", "a", "hush", "nobody")));

            assertTrue(fault.getMessage().contains(file.toString()), fault.getMessage());
            assertFalse(
                    fault.getMessage().contains("hush") || fault.getMessage().contains("nobody"));
        }
    }

    @Test
    void aReaderCannotWrite() {
        try (Database database = Notes.open(file)) {
            Fault fault = assertThrows(Fault.class, () -> database.read(session -> Notes.put(session, "a", "first")));

            assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
            assertEquals(List.of(), Notes.ids(database));
        }
    }

    @Test
    void aReadingSeesOneMoment() {
        try (Database database = Notes.open(file)) {
            List<Integer> counts = database.read(session -> {
                int before = session.query("SELECT id FROM notes", row -> row.text("id"))
                        .size();
                database.write(other -> Notes.put(other, "a", "meanwhile"));
                int after = session.query("SELECT id FROM notes", row -> row.text("id"))
                        .size();
                return List.of(before, after);
            });

            assertEquals(List.of(0, 0), counts);
            assertEquals(List.of("a"), Notes.ids(database));
        }
    }

    @Test
    void moreReadersThanAllowedWaitAndAreThenTurnedAway() {
        var limits = Notes.narrow(10, 10, 1, 1_000);
        try (Database database = Database.sqlite(file, Notes.OLDER, limits)) {
            Fault fault = assertThrows(Fault.class, () -> database.read(_ -> Notes.ids(database)));

            assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
            assertEquals(List.of(), Notes.ids(database));
        }
    }

    @Test
    void aFullDatabaseIsUnavailableAndKeepsWhatItHas() {
        var limits = Notes.narrow(10, 10, 1, 20);
        try (Database database = Database.sqlite(file, Notes.OLDER, limits)) {
            database.write(session -> Notes.put(session, "a", "first"));

            Fault fault = assertThrows(
                    Fault.class, () -> database.write(session -> Notes.put(session, "b", "b".repeat(200_000))));

            assertAll(
                    () -> assertEquals(Fault.Kind.UNAVAILABLE, fault.kind(), fault.getMessage()),
                    () -> assertTrue(fault.getMessage().contains(file.toString()), fault.getMessage()),
                    () -> assertEquals(List.of("a"), Notes.ids(database)));
            database.write(session -> Notes.put(session, "c", "it fits again"));
            assertEquals(List.of("a", "c"), Notes.ids(database));
        }
    }

    @Test
    void aFolderThatCannotBeIsUnavailable() throws IOException {
        Path occupied = Files.writeString(folder.resolve("occupied"), "a file");

        Fault fault = assertThrows(Fault.class, () -> Notes.open(occupied.resolve("notes.db")));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(fault.getMessage().contains(occupied.toString()), fault.getMessage());
    }

    @Test
    void aPlaceWhereNoFolderCanBeIsUnavailable() throws IOException {
        Path file = Files.createFile(folder.resolve("plain"));

        Fault fault = assertThrows(Fault.class, () -> Notes.open(file.resolve("notes.db")));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(fault.getMessage().contains("plain"), fault.getMessage());
    }

    @Test
    void aFileThatIsNoDatabaseIsBroken() throws IOException {
        Files.createDirectory(file.getParent());
        Files.writeString(file, "Dear diary, this is not a database but it is long enough to be one. ".repeat(100));

        Fault fault = assertThrows(Fault.class, () -> Notes.open(file));

        assertEquals(Fault.Kind.BROKEN, fault.kind());
        assertTrue(fault.getMessage().contains("restore a backup"), fault.getMessage());
    }

    @Test
    void onlyOneProcessHasTheFile() {
        try (Database _ = Notes.open(file)) {
            Fault fault = assertThrows(Fault.class, () -> Notes.open(file));

            assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
            assertTrue(fault.getMessage().contains("in use by another process"), fault.getMessage());
        }
        Notes.open(file).close();
    }

    @Test
    void onlyItsOwnerMayReadTheFile() throws IOException {
        try (Database database = Notes.open(file)) {
            database.write(session -> Notes.put(session, "a", "first"));
            try (var files = Files.list(file.getParent())) {
                for (Path one : files.toList()) {
                    assertEquals(
                            "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(one)),
                            one::toString);
                }
            }
        }
    }

    @Test
    void aClosedDatabaseIsOneFileToCopy() throws IOException {
        try (Database database = Notes.open(file)) {
            database.write(session -> Notes.put(session, "a", "first"));
            assertEquals(List.of("a"), Notes.ids(database));
        }
        Path copy = folder.resolve("copy.db");
        Files.copy(file, copy);

        try (Database database = Notes.open(copy)) {
            assertEquals(List.of("a"), Notes.ids(database));
        }
        assertFalse(Files.exists(file.resolveSibling("notes.db-wal")));
    }

    @Test
    void aClosedDatabaseTakesNothing() {
        Database database = Notes.open(file);
        database.close();

        Fault fault = assertThrows(Fault.class, () -> database.write(session -> Notes.put(session, "a", "late")));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
    }

    @Test
    void everyKindOfValueComesBack() {
        try (Database database = Notes.open(file)) {
            var time = Instant.parse("2026-02-03T04:05:06.000000007Z");
            Blob blob = Blob.utf8("some bytes");
            boolean same = database.read(session -> session.find(
                            "SELECT ? AS n, ? AS b, ? AS blob, ? AS d, ? AS t, ? AS u, ? AS none",
                            row -> row.number("n") == Long.MIN_VALUE
                                    && row.bool("b")
                                    && row.blob("blob").equals(blob)
                                    && row.digest("d").equals(blob.digest())
                                    && row.instant("t").equals(time)
                                    && row.unsigned("u") == -1
                                    && row.textIfAny("none").isEmpty(),
                            Long.MIN_VALUE,
                            true,
                            blob,
                            blob.digest(),
                            time,
                            Unsigned.text(-1),
                            Optional.empty())
                    .orElseThrow());

            assertTrue(same);
        }
    }

    @Test
    void aValueThatCannotBeReadNamesItsColumn() {
        try (Database database = Notes.open(file)) {
            for (String sql : List.of("SELECT 'soon' AS since", "SELECT NULL AS since")) {
                Fault fault = assertThrows(
                        Fault.class, () -> database.read(session -> session.find(sql, row -> row.instant("since"))));

                assertEquals(Fault.Kind.INVALID, fault.kind());
                assertTrue(fault.getMessage().contains("since"), fault.getMessage());
            }
        }
    }

    @Test
    void whatIsNoValueIsABug() {
        try (Database database = Notes.open(file)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> database.write(session -> session.update("DELETE FROM notes WHERE id = ?", file)));
        }
    }
}
