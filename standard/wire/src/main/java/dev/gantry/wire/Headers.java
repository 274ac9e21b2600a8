// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Header fields in their order; names are compared without regard to case.
///
/// @param fields as they stand on the wire
public record Headers(List<Field> fields) {
    public static final Headers NONE = new Headers(List.of());

    /// One header field.
    public record Field(String name, String value) {}

    public Headers {
        fields = List.copyOf(fields);
    }

    /// Headers of name, value, name, value, …
    public static Headers of(String... namesAndValues) {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    /// The value of a field; several fields of one name are joined by a comma (RFC 9110 section 5.3).
    public Optional<String> get(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
    }

    /// The values of all fields of one name.
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /// These headers and one more field.
    public Headers and(String name, String value) {
        var more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Headers(more);
    }

    /// The media type of the body, lowercase and without parameters.
    public Optional<String> mediaType() {
        return get("Content-Type").map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }
}
