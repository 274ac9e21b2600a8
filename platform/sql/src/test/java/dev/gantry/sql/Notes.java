// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A database of notes.
final class Notes {
    static final Migrations OLDER = new Migrations(Notes.class, "db/older");
    static final Migrations NEWER = new Migrations(Notes.class, "db/newer");
    static final Migrations HALF_WRONG = new Migrations(Notes.class, "db/damaged");

    private Notes() {}

    static Database open(Path file) {
        return Database.sqlite(file, OLDER, DatabaseLimits.DEFAULT);
    }

    /// Limits with few pages, a short queue and little patience.
    static DatabaseLimits narrow(int queued, int perCommit, int readers, int pages) {
        return new DatabaseLimits(queued, perCommit, readers, Duration.ofMillis(50), pages, 1 << 20);
    }

    static int put(Session session, String id, String text) {
        return session.update("INSERT INTO notes (id, text) VALUES (?, ?)", id, text);
    }

    static Optional<String> get(Session session, String id) {
        return session.find("SELECT text FROM notes WHERE id = ?", row -> row.text("text"), id);
    }

    static List<String> ids(Database database) {
        return database.read(session -> session.query("SELECT id FROM notes ORDER BY id", row -> row.text("id")));
    }
}
