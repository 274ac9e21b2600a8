// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Which values a setting accepts.
///
/// @param array whether the type is an array of `type`; each of its items must keep the rule
/// @param allowEmpty whether there may be no value, which then needs to keep no other rule (reading A-04)
/// @param rule what a value must keep besides its type
@Requirement({"AD-060", "AD-062"})
public record Schema(String name, Type type, boolean array, boolean allowEmpty, Rule rule) {
    /// The scalar types.
    public enum Type {
        STRING("string"),
        INTEGER("integer"),
        DOUBLE("double"),
        BOOLEAN("boolean");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /// Whether a scalar is of this type; a double may be written without a fraction.
        public boolean admits(Tree value) {
            return switch (this) {
                case STRING -> value instanceof Tree.Str;
                case BOOLEAN -> value instanceof Tree.Bool;
                case DOUBLE -> value instanceof Tree.Num;
                case INTEGER ->
                    value instanceof Tree.Num(var number)
                            && (number.signum() == 0
                                    || number.stripTrailingZeros().scale() <= 0);
            };
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /// What a value must keep besides its type. Bounds are inclusive.
    public sealed interface Rule {
        /// A text; lengths in characters, the pattern is searched for, not anchored (reading A-05).
        record Characters(Optional<BigDecimal> minLength, Optional<BigDecimal> maxLength, Optional<Regex> regexMatch)
                implements Rule {}

        /// True or false.
        record Flag() implements Rule {}

        /// A number; the digits after the point are those of its shortest form (reading A-06).
        record Range(
                Optional<BigDecimal> minValue,
                Optional<BigDecimal> maxValue,
                Optional<BigDecimal> minPrecision,
                Optional<BigDecimal> maxPrecision)
                implements Rule {}

        /// One of these, or with `multiselect` an array of some of them (AD-062, AD-063).
        record Select(boolean multiselect, List<Tree> options) implements Rule {
            public Select {
                options = List.copyOf(options);
            }
        }
    }

    /// A regular expression in the dialect of RE2, whose search takes linear time whatever an author or user
    /// writes.
    @Requirement("AD-060")
    public static final class Regex {
        private static final int LONGEST = 2000;

        private final Pattern pattern;

        /// `INVALID` when it is too long or not in the dialect.
        public Regex(String text) {
            if (text.length() > LONGEST) {
                throw Fault.invalid("is longer than " + LONGEST + " characters");
            }
            try {
                pattern = Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw new Fault(
                        Fault.Kind.INVALID,
                        Text.quoted(text) + " is not a regular expression of RE2: " + e.getDescription(),
                        e);
            }
        }

        /// Whether the expression is found somewhere in the text.
        public boolean isFoundIn(String text) {
            return pattern.matcher(text).find();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Regex regex && pattern.pattern().equals(regex.pattern.pattern());
        }

        @Override
        public int hashCode() {
            return pattern.pattern().hashCode();
        }

        @Override
        public String toString() {
            return pattern.pattern();
        }
    }

    /// The data type as the standard writes it: `array[integer]` for example.
    public String dataType() {
        return array ? "array[" + type + "]" : type.toString();
    }

    /// A value's shape by its data type, before the other rules.
    private record Form(Type type, boolean array) {
        static Form of(String text) {
            boolean array = text.startsWith("array[") && text.endsWith("]");
            String word = array ? text.substring("array[".length(), text.length() - 1) : text;
            return Arrays.stream(Type.values())
                    .filter(type -> type.toString().equals(word))
                    .findFirst()
                    .map(type -> new Form(type, array))
                    .orElseThrow(() -> Fault.invalid(Text.quoted(text)
                            + " is none of string, integer, double, boolean, or array[…] of one of them"));
        }
    }

    static Supplier<Schema> read(Fields fields) {
        Optional<String> name = fields.needText("name", "AD-061");
        Optional<Form> form = fields.need("dataType", "AD-060", Form::of);
        Optional<Boolean> allowEmpty = fields.bool("allowEmpty", "AD-060");
        if (form.isEmpty()) {
            return () -> {
                throw new IllegalStateException("a schema with findings is never made");
            };
        }
        Rule rule = fields.tree().get("options").isPresent()
                ? select(fields, form.get())
                : rule(fields, form.get().type());
        fields.closed("AD-060", List.of());
        return () ->
                new Schema(name.orElseThrow(), form.get().type(), form.get().array(), allowEmpty.orElse(false), rule);
    }

    private static Rule rule(Fields fields, Type type) {
        return switch (type) {
            case STRING -> {
                Optional<BigDecimal> minLength = count(fields, "minLength");
                Optional<BigDecimal> maxLength = count(fields, "maxLength");
                ordered(fields, "maxLength", minLength, maxLength);
                yield new Rule.Characters(minLength, maxLength, fields.value("regexMatch", "AD-060", Regex::new));
            }
            case BOOLEAN -> new Rule.Flag();
            case INTEGER -> {
                Optional<BigDecimal> minValue = integer(fields, "minValue");
                Optional<BigDecimal> maxValue = integer(fields, "maxValue");
                ordered(fields, "maxValue", minValue, maxValue);
                yield new Rule.Range(minValue, maxValue, Optional.empty(), Optional.empty());
            }
            case DOUBLE -> {
                Optional<BigDecimal> minValue = fields.number("minValue", "AD-060");
                Optional<BigDecimal> maxValue = fields.number("maxValue", "AD-060");
                Optional<BigDecimal> minPrecision = count(fields, "minPrecision");
                Optional<BigDecimal> maxPrecision = count(fields, "maxPrecision");
                ordered(fields, "maxValue", minValue, maxValue);
                ordered(fields, "maxPrecision", minPrecision, maxPrecision);
                yield new Rule.Range(minValue, maxValue, minPrecision, maxPrecision);
            }
        };
    }

    private static Rule select(Fields fields, Form form) {
        boolean multiselect = fields.bool("multiselect", "AD-063").orElse(false);
        Optional<Tree> listed = fields.any("options");
        List<Tree> options = listed.orElse(Tree.Obj.EMPTY) instanceof Tree.Arr(var items) ? items : List.of();
        if (options.isEmpty()) {
            fields.wrong("options", "AD-062", "must be a list of at least one option");
        }
        for (int i = 0; i < options.size(); i++) {
            if (!form.type().admits(options.get(i))) {
                fields.wrong("options[" + i + "]", "AD-062", "is not of the type " + form.type());
            }
        }
        return new Rule.Select(multiselect || form.array(), options);
    }

    private static Optional<BigDecimal> integer(Fields fields, String name) {
        Optional<BigDecimal> number = fields.number(name, "AD-060");
        number.filter(value -> !Type.INTEGER.admits(Tree.of(value)))
                .ifPresent(_ -> fields.wrong(name, "AD-060", "is not a whole number"));
        return number;
    }

    private static Optional<BigDecimal> count(Fields fields, String name) {
        Optional<BigDecimal> number = integer(fields, name);
        number.filter(value -> value.signum() < 0).ifPresent(_ -> fields.wrong(name, "AD-060", "is negative"));
        return number;
    }

    private static void ordered(Fields fields, String upper, Optional<BigDecimal> least, Optional<BigDecimal> most) {
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            fields.wrong(upper, "AD-060", "is below the minimum, so that no value fits");
        }
    }
}
