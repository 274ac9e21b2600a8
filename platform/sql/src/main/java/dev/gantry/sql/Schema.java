// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/// Brings the tables of a database to the version that this program knows, or refuses to start.
final class Schema {
    private Schema() {}

    /// Applies what is missing, each version in its own transaction.
    ///
    /// @throws Fault `BROKEN` when a newer program has written the database, or a version was changed after its
    ///     release
    static void migrate(Engine engine, Migrations migrations) {
        Flyway flyway = Flyway.configure(migrations.loader())
                .dataSource(engine.migrating())
                .locations(migrations.location(engine.dialect()))
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
        try {
            refuseNewer(engine, flyway.info().all());
            flyway.migrate();
        } catch (FlywayException e) {
            throw fault(engine, e);
        }
    }

    private static void refuseNewer(Engine engine, MigrationInfo... all) {
        Arrays.stream(all)
                .filter(info -> info.getState().isApplied() && !info.getState().isResolved())
                .findFirst()
                .ifPresent(unknown -> {
                    throw new Fault(
                            Fault.Kind.BROKEN,
                            engine.name() + " was written by a newer program: it has version " + unknown.getVersion()
                                    + " (" + unknown.getDescription()
                                    + "), which this one does not know; start the newer program, or restore a backup"
                                    + " from before the upgrade");
                });
    }

    private static Fault fault(Engine engine, FlywayException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof java.sql.SQLException trouble) {
                return engine.fault(trouble);
            }
        }
        return new Fault(Fault.Kind.BROKEN, engine.name() + ": " + e.getMessage(), e);
    }
}
