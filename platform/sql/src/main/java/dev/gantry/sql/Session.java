// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a unit of work speaks to: plain SQL inside a transaction that somebody else begins and ends. Good only
/// while the unit runs, and only in its thread.
///
/// Parameters are `String`, `Long`, `Integer`, `Boolean`, `byte[]`, [Blob], [Digest] (as text), [Instant] (as
/// text), or an `Optional` of these. Statements are kept prepared, so their text is constant; values never go
/// into it.
///
/// After a statement has failed the unit is lost, even if it catches the fault: every further statement fails
/// too.
public final class Session {
    private static final int PREPARED = 128;

    private final Connection connection;
    private final Engine engine;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable Fault failure;

    Session(Connection connection, Engine engine) {
        this.connection = connection;
        this.engine = engine;
    }

    /// Runs a statement that changes something.
    ///
    /// @return how many rows it changed
    public int update(String sql, Object... parameters) {
        return run(sql, parameters, PreparedStatement::executeUpdate);
    }

    /// Reads every row.
    public <T> List<T> query(String sql, Function<Row, T> read, Object... parameters) {
        var rows = new ArrayList<T>();
        each(sql, row -> rows.add(read.apply(row)), parameters);
        return rows;
    }

    /// Reads the first row, if there is one.
    public <T> Optional<T> find(String sql, Function<Row, T> read, Object... parameters) {
        return query(sql, read, parameters).stream().findFirst();
    }

    /// Shows every row once; for answers too large for a list. The consumer runs no statement with the same text.
    public void each(String sql, Consumer<Row> consumer, Object... parameters) {
        run(sql, parameters, statement -> {
            try (ResultSet result = statement.executeQuery()) {
                var row = new Row(result);
                int rows = 0;
                while (result.next()) {
                    consumer.accept(row);
                    rows++;
                }
                return rows;
            }
        });
    }

    private int run(String sql, Object[] parameters, Execution execution) {
        if (failure != null) {
            throw new Fault(failure.kind(), "an earlier statement has failed: " + failure.getMessage(), failure);
        }
        try {
            PreparedStatement statement = prepare(sql);
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return execution.on(statement);
        } catch (Row.Unreadable e) {
            throw failed(e.trouble());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Fault failed(SQLException trouble) {
        failure = engine.fault(trouble);
        return failure;
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known != null) {
            return known;
        }
        PreparedStatement fresh = connection.prepareStatement(sql);
        prepared.put(sql, fresh);
        if (prepared.size() > PREPARED) {
            Map.Entry<String, PreparedStatement> eldest =
                    prepared.entrySet().iterator().next();
            prepared.remove(eldest.getKey());
            eldest.getValue().close();
        }
        return fresh;
    }

    private static void bind(PreparedStatement statement, int at, Object value) throws SQLException {
        switch (value) {
            case String text -> statement.setString(at, text);
            case Long number -> statement.setLong(at, number);
            case Integer number -> statement.setInt(at, number);
            case Boolean bool -> statement.setBoolean(at, bool);
            case byte[] bytes -> statement.setBytes(at, bytes);
            case Blob blob -> statement.setBytes(at, blob.toByteArray());
            case Digest digest -> statement.setString(at, digest.value());
            case Instant time -> statement.setString(at, time.toString());
            case Optional<?> some when some.isPresent() -> bind(statement, at, some.get());
            case Optional<?> _ -> statement.setNull(at, Types.NULL);
            default -> throw new IllegalArgumentException("no SQL value: " + value.getClass());
        }
    }

    Connection connection() {
        return connection;
    }

    /// What went wrong since the last [#recovered()].
    Optional<Fault> failure() {
        return Optional.ofNullable(failure);
    }

    /// The transaction is back at a point before the failure.
    void recovered() {
        failure = null;
    }

    private interface Execution {
        int on(PreparedStatement statement) throws SQLException;
    }
}
