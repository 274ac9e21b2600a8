// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// What one kind of database has to offer. Transactions, savepoints and pools are plain JDBC and the same for
/// all.
interface Engine extends AutoCloseable {
    /// How messages name the database; never a secret.
    String name();

    /// The folder of migrations that it understands.
    String dialect();

    /// Connections for the migrations.
    DataSource migrating();

    /// A connection whose commits are durable.
    Connection writer() throws SQLException;

    /// A connection that cannot change anything.
    Connection reader() throws SQLException;

    /// What an error of the driver means, and whose turn it is.
    Fault fault(SQLException error);

    @Override
    void close();
}
