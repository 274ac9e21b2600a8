// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// One condition of a selector: a key, an operator and its operand. The operators are a closed set (AD-044 to
/// AD-049).
public sealed interface Expression {
    /// Where the value stands that is looked at.
    Key key();

    /// A property, named by a pointer, or a label, named exactly (AD-039, AD-040).
    sealed interface Key {
        /// What stands there, below the properties or among the labels of a device.
        Optional<Tree> in(Tree.Obj root);

        /// A pointer below the properties, or below one element of an array.
        record Property(Pointer pointer) implements Key {
            @Override
            public Optional<Tree> in(Tree.Obj root) {
                return pointer.in(root);
            }

            @Override
            public String toString() {
                return pointer.text();
            }
        }

        /// The whole name of a label, slashes and dots included.
        record Label(String name) implements Key {
            @Override
            public Optional<Tree> in(Tree.Obj root) {
                return root.get(name);
            }

            @Override
            public String toString() {
                return name;
            }
        }
    }

    /// The value, or one element of it, is among these.
    record In(Key key, List<Tree> values) implements Expression {
        @Override
        public String toString() {
            return key + " In " + shown(values);
        }
    }

    /// The key is there and nothing in it is among these.
    record NotIn(Key key, List<Tree> values) implements Expression {
        @Override
        public String toString() {
            return key + " NotIn " + shown(values);
        }
    }

    /// The key is there.
    record Exists(Key key) implements Expression {
        @Override
        public String toString() {
            return key + " Exists";
        }
    }

    /// The key is not there.
    record DoesNotExist(Key key) implements Expression {
        @Override
        public String toString() {
            return key + " DoesNotExist";
        }
    }

    /// The number is greater.
    record Gt(Key key, BigDecimal than) implements Expression {
        @Override
        public String toString() {
            return key + " Gt " + Json.decimal(than);
        }
    }

    /// The number is smaller.
    record Lt(Key key, BigDecimal than) implements Expression {
        @Override
        public String toString() {
            return key + " Lt " + Json.decimal(than);
        }
    }

    /// One element of the array satisfies every expression.
    record ContainsAll(Key key, List<Expression> items) implements Expression {
        @Override
        public String toString() {
            return key + " ContainsAll " + items;
        }
    }

    /// One element of the array satisfies some expression.
    record ContainsAny(Key key, List<Expression> items) implements Expression {
        @Override
        public String toString() {
            return key + " ContainsAny " + items;
        }
    }

    private static String shown(List<Tree> values) {
        return values.stream().map(value -> Json.canonical(value).text()).collect(Collectors.joining(", ", "[", "]"));
    }

    /// Reads a selector: the expressions that must all hold.
    ///
    /// @param pointers whether keys are pointers; otherwise they are names of labels
    static Supplier<List<Expression>> readAll(Fields selector, boolean pointers) {
        List<Supplier<Expression>> expressions = selector.needObjects("matchExpressions", "AD-034").stream()
                .map(fields -> read(fields, pointers))
                .toList();
        selector.closed("AD-034", List.of());
        return () -> expressions.stream().map(Supplier::get).toList();
    }

    private static Supplier<Expression> read(Fields fields, boolean pointers) {
        Optional<Key> key = pointers
                ? fields.need("key", "AD-039", text -> new Key.Property(new Pointer(text)))
                : fields.need("key", "AD-040", Expression::label);
        Optional<String> operator = fields.needText("operator", "AD-034");
        if (operator.isEmpty()) {
            fields.any("values");
            fields.any("itemSelector");
            fields.closed("AD-034", List.of());
            return Expression::neverMade;
        }
        Supplier<Expression> result = switch (operator.get()) {
            case "In" -> {
                List<Tree> values = listed(fields);
                yield () -> new In(key.orElseThrow(), values);
            }
            case "NotIn" -> {
                List<Tree> values = listed(fields);
                yield () -> new NotIn(key.orElseThrow(), values);
            }
            case "Exists" -> () -> new Exists(key.orElseThrow());
            case "DoesNotExist" -> () -> new DoesNotExist(key.orElseThrow());
            case "Gt" -> {
                Optional<BigDecimal> than = bound(fields);
                yield () -> new Gt(key.orElseThrow(), than.orElseThrow());
            }
            case "Lt" -> {
                Optional<BigDecimal> than = bound(fields);
                yield () -> new Lt(key.orElseThrow(), than.orElseThrow());
            }
            case "ContainsAll" -> {
                Supplier<List<Expression>> items = items(fields);
                yield () -> new ContainsAll(key.orElseThrow(), items.get());
            }
            case "ContainsAny" -> {
                Supplier<List<Expression>> items = items(fields);
                yield () -> new ContainsAny(key.orElseThrow(), items.get());
            }
            default -> {
                fields.wrong(
                        "operator",
                        "AD-034",
                        "is none of In, NotIn, Exists, DoesNotExist, Gt, Lt, ContainsAll, ContainsAny");
                fields.any("values");
                fields.any("itemSelector");
                yield Expression::neverMade;
            }
        };
        fields.closed(operandRule(operator.get()), List.of());
        return result;
    }

    private static Expression neverMade() {
        throw new IllegalStateException("an expression with findings is never made");
    }

    private static String operandRule(String operator) {
        return switch (operator) {
            case "In", "NotIn" -> "AD-050";
            case "Exists", "DoesNotExist" -> "AD-046";
            case "Gt", "Lt" -> "AD-051";
            case "ContainsAll", "ContainsAny" -> "AD-052";
            default -> "AD-034";
        };
    }

    private static Key label(String name) {
        if (name.isBlank()) {
            throw Fault.invalid("is empty");
        }
        return new Key.Label(name);
    }

    /// One or more strings or numbers of one type, or one boolean.
    @Requirement("AD-050")
    private static List<Tree> listed(Fields fields) {
        Optional<Tree> found = fields.needAny("values", "AD-050");
        if (found.isEmpty()) {
            return List.of();
        }
        List<Tree> values = found.get() instanceof Tree.Arr(var items) ? items : List.of();
        boolean texts = values.stream().allMatch(Tree.Str.class::isInstance);
        boolean numbers = values.stream().allMatch(Tree.Num.class::isInstance);
        boolean flag = values.size() == 1 && values.getFirst() instanceof Tree.Bool;
        if (values.isEmpty() || !(texts || numbers || flag)) {
            fields.wrong("values", "AD-050", "must be one or more strings, one or more numbers, or one boolean");
        }
        return values;
    }

    /// Exactly one number, or a text that is one.
    @Requirement("AD-051")
    private static Optional<BigDecimal> bound(Fields fields) {
        Optional<Tree> found = fields.needAny("values", "AD-051");
        Optional<BigDecimal> bound = found.flatMap(values -> values instanceof Tree.Arr(var items) && items.size() == 1
                ? number(items.getFirst())
                : Optional.empty());
        if (found.isPresent() && bound.isEmpty()) {
            fields.wrong("values", "AD-051", "must hold exactly one number");
        }
        return bound;
    }

    private static Optional<BigDecimal> number(Tree tree) {
        return switch (tree) {
            case Tree.Num(var value) -> Optional.of(value);
            case Tree.Str(var text)
            when text.length() <= 40 && text.matches("[+-]?[0-9]+(\\.[0-9]+)?") -> Optional.of(new BigDecimal(text));
            case Tree.Str _, Tree.Bool _, Tree.Null _, Tree.Obj _, Tree.Arr _ -> Optional.empty();
        };
    }

    @Requirement("AD-052")
    private static Supplier<List<Expression>> items(Fields fields) {
        Optional<Fields> selector = fields.needObject("itemSelector", "AD-052");
        Supplier<List<Expression>> items =
                selector.map(inner -> readAll(inner, true)).orElse(List::of);
        selector.flatMap(inner -> inner.tree().get("matchExpressions"))
                .filter(list -> list instanceof Tree.Arr(var entries) && entries.isEmpty())
                .ifPresent(_ -> fields.wrong("itemSelector", "AD-052", "holds no expression"));
        return items;
    }
}
