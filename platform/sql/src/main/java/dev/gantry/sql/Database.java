// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A database that takes units of work. What [#write] has returned is on the disk, whatever happens to the
/// process or the power afterwards; what failed has left nothing behind. Units that wait at the same time share
/// one write to the disk.
///
/// Safe for use by many threads. Trouble is a [Fault]: `UNAVAILABLE` for a full or unwritable disk and for too
/// many waiting units, `BROKEN` for a damaged file or a wrong statement; the message names the file and never a
/// value.
public final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final Engine engine;
    private final GroupCommit writer;
    private final Readers readers;

    private Database(Engine engine, GroupCommit writer, Readers readers) {
        this.engine = engine;
        this.writer = writer;
        this.readers = readers;
    }

    /// Opens a database file, creates it when it is missing, and brings its tables to the newest version.
    ///
    /// @throws Fault `UNAVAILABLE` when the file cannot be used or another process has it, `BROKEN` when it is
    ///     damaged or was written by a newer program
    public static Database sqlite(Path file, Migrations migrations, DatabaseLimits limits) {
        return open(Sqlite.open(file, limits), migrations, limits);
    }

    private static Database open(Engine engine, Migrations migrations, DatabaseLimits limits) {
        boolean opened = false;
        try {
            Schema.migrate(engine, migrations);
            var database = new Database(engine, new GroupCommit(engine, limits), new Readers(engine, limits));
            database.writer.start();
            opened = true;
            log.atInfo().addKeyValue("database", engine.name()).log("database opened");
            return database;
        } catch (SQLException e) {
            throw engine.fault(e);
        } finally {
            if (!opened) {
                engine.close();
            }
        }
    }

    /// Runs a unit of work that changes something, and returns when it is durable. The unit sees every earlier
    /// one; when it throws, nothing of it stays, and its exception is thrown here. It runs in another thread,
    /// does nothing but SQL and short computing, returns something, and never calls this method.
    public <T> T write(Function<Session, T> unit) {
        return writer.run(unit);
    }

    /// Runs a unit of work that only reads, all of it as of one moment; it sees everything that was durable when
    /// it began.
    public <T> T read(Function<Session, T> unit) {
        return readers.run(unit);
    }

    /// How many units wait to be begun now; at the limit of queued units, callers are turned away.
    public int waiting() {
        return writer.waiting();
    }

    /// Finishes what waits, then lets the file go.
    @Override
    public void close() {
        // The writer goes after the readers: who leaves last empties the log into the file, and must be able to write.
        try (engine;
                writer;
                readers) {
            log.atInfo().addKeyValue("database", engine.name()).log("database closing");
        }
    }
}
