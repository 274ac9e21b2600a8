// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// SQLite in one file: write-ahead log, forced to the disk at every commit. The file belongs to one process,
/// which a lock file beside it makes sure of, and only its owner may read it.
final class Sqlite implements Engine {
    private static final int PRIMARY_CODE = 0xff;
    private static final int LOG_BYTES = 64 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final DatabaseLimits limits;
    private final FileChannel lock;

    private Sqlite(Path file, DatabaseLimits limits, FileChannel lock) {
        this.file = file;
        this.limits = limits;
        this.lock = lock;
    }

    /// Takes a file, which is created when it is missing.
    static Sqlite open(Path file, DatabaseLimits limits) {
        Path whole = file.toAbsolutePath();
        Disk.createFolder(Objects.requireNonNull(whole.getParent(), "a file lies in a folder"));
        try {
            create(whole);
            return new Sqlite(whole, limits, lock(whole));
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "cannot open the database " + whole + ": " + e + "; check the permissions, then start again",
                    e);
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, OWNER_ONLY);
        } catch (FileAlreadyExistsException _) {
            // The database of an earlier start.
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".lock");
        FileChannel channel =
                FileChannel.open(beside, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
        try {
            if (tryLock(channel) != null) {
                return channel;
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new Fault(
                Fault.Kind.UNAVAILABLE,
                "the database " + file + " is in use by another process; stop that one, or give this one its own file");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    @Override
    public String name() {
        return "the database " + file;
    }

    @Override
    public String dialect() {
        return "sqlite";
    }

    @Override
    public DataSource migrating() {
        return source(writing());
    }

    @Override
    public Connection writer() throws SQLException {
        Connection connection = source(writing()).getConnection();
        try (Statement statement = connection.createStatement()) {
            // Where forcing a file does not empty the drive's own cache, as on macOS.
            statement.execute("PRAGMA fullfsync = ON");
        }
        return connection;
    }

    @Override
    public Connection reader() throws SQLException {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return source(config).getConnection();
    }

    private SQLiteConfig common() {
        var config = new SQLiteConfig();
        config.setBusyTimeout(Math.toIntExact(limits.patience().toMillis()));
        config.enforceForeignKeys(true);
        return config;
    }

    private SQLiteConfig writing() {
        SQLiteConfig config = common();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setJournalSizeLimit(LOG_BYTES);
        config.setMaxPageCount(limits.pages());
        config.setCacheSize(-limits.cacheBytes() / 1024);
        return config;
    }

    private DataSource source(SQLiteConfig config) {
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /// SQLite's messages name tables and columns, never values.
    @Override
    public Fault fault(SQLException error) {
        String what = name() + ": " + error.getMessage();
        return switch (SQLiteErrorCode.getErrorCode(error.getErrorCode() & PRIMARY_CODE)) {
            case SQLITE_FULL ->
                new Fault(Fault.Kind.UNAVAILABLE, what + "; free some space, what was acknowledged is safe", error);
            case SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
                new Fault(Fault.Kind.UNAVAILABLE, what + "; check the disk and the permissions", error);
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_INTERRUPT ->
                new Fault(Fault.Kind.UNAVAILABLE, what, error);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new Fault(Fault.Kind.BROKEN, what + "; the file is damaged, restore a backup", error);
            default -> new Fault(Fault.Kind.BROKEN, what, error);
        };
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, name() + ": " + e.getMessage(), e);
        }
    }
}
