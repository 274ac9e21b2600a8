// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One row of an answer, good until the next one is read. A value that is missing or cannot be read is `BROKEN`
/// or `INVALID` and names the column.
public final class Row {
    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    public String text(String column) {
        return present(column, result::getString);
    }

    public long number(String column) {
        present(column, result::getObject);
        return present(column, result::getLong);
    }

    public boolean bool(String column) {
        return number(column) != 0;
    }

    public Blob blob(String column) {
        return Blob.of(present(column, result::getBytes));
    }

    public Digest digest(String column) {
        return parsed(column, Digest::new);
    }

    public Instant instant(String column) {
        return parsed(column, text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new Fault(Fault.Kind.INVALID, Text.quoted(text) + " is not a time", e);
            }
        });
    }

    /// A number that [Unsigned] has written; its bits are to be read as unsigned.
    public long unsigned(String column) {
        return parsed(column, Unsigned::bits);
    }

    /// The text of a column that may be empty.
    public Optional<String> textIfAny(String column) {
        return any(column, result::getString);
    }

    /// A text made into something that checks itself; what it throws is told together with the column.
    public <T> T parsed(String column, Function<String, T> parse) {
        String text = text(column);
        try {
            return parse.apply(text);
        } catch (Fault fault) {
            throw new Fault(Fault.Kind.INVALID, "column " + column + ": " + fault.getMessage(), fault);
        }
    }

    private <T> T present(String column, Getter<T> getter) {
        return any(column, getter).orElseThrow(() -> Fault.invalid("column " + column + " is empty"));
    }

    private <T> Optional<T> any(String column, Getter<T> getter) {
        try {
            return Optional.ofNullable(getter.get(column));
        } catch (SQLException e) {
            throw new Unreadable(e);
        }
    }

    private interface Getter<T> {
        @Nullable
        T get(String column) throws SQLException;
    }

    /// Carries the driver's trouble to the session, which knows what it means.
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient SQLException trouble;

        private Unreadable(SQLException trouble) {
            super(trouble);
            this.trouble = trouble;
        }

        SQLException trouble() {
            return trouble;
        }
    }
}
