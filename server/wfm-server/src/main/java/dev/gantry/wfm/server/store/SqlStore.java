// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server.store;

import dev.gantry.spec.ClientId;
import dev.gantry.spec.Requirement;
import dev.gantry.sql.Database;
import dev.gantry.sql.DatabaseLimits;
import dev.gantry.sql.Migrations;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The fleet in a database. A commit is one unit of work: on the disk before it returns, all of it or nothing,
/// together with whatever else waits at that moment.
///
/// A row that cannot be read any more is `BROKEN` and named by table and key; a WFM does not start with half a
/// fleet.
@Requirement({"MI-040", "MI-041", "MI-042"})
public final class SqlStore implements Store, AutoCloseable {
    private static final Migrations TABLES = new Migrations(SqlStore.class, "db/wfm");

    private final Database database;

    private SqlStore(Database database) {
        this.database = database;
    }

    /// Opens a store in a file, which is created when it is missing.
    ///
    /// @throws dev.gantry.content.Fault `UNAVAILABLE` when the file cannot be used or another process has it,
    ///     `BROKEN` when it is damaged or was written by a newer program
    public static SqlStore open(Path file) {
        return open(file, DatabaseLimits.DEFAULT);
    }

    /// The same within other limits.
    public static SqlStore open(Path file, DatabaseLimits limits) {
        return new SqlStore(Database.sqlite(file, TABLES, limits));
    }

    @Override
    public Snapshot load() {
        return database.read(session -> new Reading(session).everything());
    }

    @Override
    public Optional<ClientView> client(ClientId id) {
        return database.read(session -> new Reading(session).client(id));
    }

    @Override
    public void commit(List<Change> changes) {
        database.write(session -> {
            var writing = new Writing(session);
            changes.forEach(writing::apply);
            return writing.sweep();
        });
    }

    /// Finishes what waits, then lets the file go.
    @Override
    public void close() {
        database.close();
    }
}
