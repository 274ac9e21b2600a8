// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Every requirement that Gantry follows, by id, and how unclear points of the text are read. Both are lists in
/// resources beside this class; what carries an id says so with [Requirement].
public final class Requirements {
    private static final Pattern ID = Pattern.compile("(MI|ID|AD|DP|DV|OB)-\\d{3}|(WA|DM)-\\d{2}");

    private Requirements() {}

    /// One demand.
    ///
    /// @param id `MI-001` for example
    /// @param level as in the source: `MUST`, `SHOULD NOT`, `MAY`, ...; a plain statement counts as `MUST`
    /// @param who must keep it
    /// @param source the pages of the standard, or Gantry's own contract
    public record Row(String id, String level, String who, String source, String text) {
        public Row {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException("not the id of a requirement: " + id);
            }
        }

        /// Whether there is no choice.
        public boolean binding() {
            return level.contains("MUST");
        }
    }

    /// How an unclear point is read.
    ///
    /// @param id unique within its part
    /// @param part of the standard
    public record Reading(String id, String part, String point, String reading) {}

    /// Every requirement by id, in the order of the list.
    public static Map<String, Row> all() {
        var rows = new LinkedHashMap<String, Row>();
        for (Row row : rows("requirements.tsv", 5, c -> new Row(c.get(0), c.get(1), c.get(2), c.get(3), c.get(4)))) {
            if (rows.put(row.id(), row) != null) {
                throw new IllegalStateException("requirements.tsv lists " + row.id() + " twice");
            }
        }
        return Collections.unmodifiableMap(rows);
    }

    /// Every reading, in the order of the list.
    public static List<Reading> readings() {
        return rows("readings.tsv", 4, c -> new Reading(c.get(0), c.get(1), c.get(2), c.get(3)));
    }

    private static <T> List<T> rows(String resource, int columns, Function<List<String>, T> row) {
        var rows = new ArrayList<T>();
        for (String line : text(resource).lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            List<String> cells = List.of(line.split("\t", -1));
            if (cells.size() != columns || cells.stream().anyMatch(String::isBlank)) {
                throw new IllegalStateException(resource + " needs " + columns + " filled columns: " + line);
            }
            rows.add(row.apply(cells));
        }
        return List.copyOf(rows);
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Requirements.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
