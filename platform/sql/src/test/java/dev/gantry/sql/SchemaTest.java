// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fillAnOlderDatabase() {
        file = folder.resolve("notes.db");
        try (Database database = Notes.open(file)) {
            database.write(session -> Notes.put(session, "a", "first"));
        }
    }

    @Test
    void anOlderDatabaseIsBroughtUp() {
        try (Database database = Database.sqlite(file, Notes.NEWER, DatabaseLimits.DEFAULT)) {
            assertEquals(
                    Optional.of("white"),
                    database.read(session ->
                            session.find("SELECT colour FROM notes WHERE id = ?", row -> row.text("colour"), "a")));
        }
    }

    @Test
    void aDatabaseOfANewerProgramIsRefusedAndLeftAsItIs() {
        Database.sqlite(file, Notes.NEWER, DatabaseLimits.DEFAULT).close();

        Fault fault = assertThrows(Fault.class, () -> Notes.open(file));

        assertEquals(Fault.Kind.BROKEN, fault.kind());
        assertTrue(fault.getMessage().contains("newer program"), fault.getMessage());
        assertTrue(fault.getMessage().contains("version 2"), fault.getMessage());
        try (Database database = Database.sqlite(file, Notes.NEWER, DatabaseLimits.DEFAULT)) {
            assertEquals(List.of("a"), Notes.ids(database));
        }
    }

    @Test
    void aMigrationThatFailsLeavesTheOlderDatabase() {
        Fault fault = assertThrows(Fault.class, () -> Database.sqlite(file, Notes.HALF_WRONG, DatabaseLimits.DEFAULT));

        assertEquals(Fault.Kind.BROKEN, fault.kind());
        assertTrue(fault.getMessage().contains(file.toString()), fault.getMessage());
        try (Database database = Notes.open(file)) {
            assertEquals(List.of("a"), Notes.ids(database));
            assertEquals(
                    List.of(),
                    database.read(session -> session.query(
                            "SELECT name FROM sqlite_schema WHERE name LIKE '%_half'", row -> row.text("name"))));
        }
    }

    @Test
    void aMissingFolderOfMigrationsIsBroken() {
        var nowhere = new Migrations(SchemaTest.class, "db/nowhere");

        Fault fault = assertThrows(Fault.class, () -> Database.sqlite(file, nowhere, DatabaseLimits.DEFAULT));

        assertEquals(Fault.Kind.BROKEN, fault.kind());
        assertTrue(fault.getMessage().contains("db/nowhere"), fault.getMessage());
    }
}
