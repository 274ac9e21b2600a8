// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A JSON or YAML document as plain values. Types survive: a boolean stays a boolean, and a number keeps every
/// digit,
/// so that 64-bit versions are exact. Members keep their order.
public sealed interface Tree {
    /// An object; member names are unique.
    record Obj(SequencedMap<String, Tree> members) implements Tree {
        public static final Obj EMPTY = new Obj(new LinkedHashMap<>());

        public Obj {
            members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
        }

        public Optional<Tree> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /// This object with one member added or replaced.
        public Obj with(String name, Tree value) {
            var copy = new LinkedHashMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }
    }

    /// An array.
    record Arr(List<Tree> items) implements Tree {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /// A string.
    record Str(String value) implements Tree {}

    /// A number with all its digits.
    record Num(BigDecimal value) implements Tree {
        /// Equal when the amounts are: 1.0 and 1 are one number.
        @Override
        public boolean equals(Object other) {
            return other instanceof Num num && value.compareTo(num.value) == 0;
        }

        @Override
        public int hashCode() {
            return value.stripTrailingZeros().hashCode();
        }
    }

    /// True or false.
    record Bool(boolean value) implements Tree {}

    /// The value `null`.
    record Null() implements Tree {}

    static Tree of(String value) {
        return new Str(value);
    }

    static Tree of(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    static Tree of(BigDecimal value) {
        return new Num(value);
    }

    static Tree of(boolean value) {
        return new Bool(value);
    }

    /// An array of these values.
    static Tree of(Collection<? extends Tree> items) {
        return new Arr(new ArrayList<>(items));
    }

    /// An array of these strings.
    static Tree ofTexts(Collection<String> items) {
        return new Arr(items.stream().map(Tree::of).toList());
    }

    /// An object of these members, in the map's order.
    static Obj of(Map<String, ? extends Tree> members) {
        return new Obj(new LinkedHashMap<>(members));
    }

    /// A builder for objects; members that are absent are left out.
    static Members members() {
        return new Members();
    }

    /// Collects the members of one object.
    final class Members {
        private final SequencedMap<String, Tree> members = new LinkedHashMap<>();

        private Members() {}

        public Members put(String name, Tree value) {
            members.put(name, value);
            return this;
        }

        public Members put(String name, String value) {
            return put(name, of(value));
        }

        public Members put(String name, long value) {
            return put(name, of(value));
        }

        public Members put(String name, boolean value) {
            return put(name, of(value));
        }

        public Members put(String name, Optional<? extends Tree> value) {
            value.ifPresent(present -> put(name, present));
            return this;
        }

        public Members putText(String name, Optional<String> value) {
            value.ifPresent(present -> put(name, present));
            return this;
        }

        public Members putAll(Map<String, ? extends Tree> more) {
            members.putAll(more);
            return this;
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
