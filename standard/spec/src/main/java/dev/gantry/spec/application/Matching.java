// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a device may run a profile, and if not, why: capacity first, then the rules (AD-026 to AD-053).
///
/// Pure; unknown members of a device's report are ignored, and what has an unexpected type never fits.
@Requirement({"AD-027", "AD-028", "AD-029", "AD-031", "AD-032", "AD-034", "AD-035", "AD-036", "AD-037", "AD-038"})
public final class Matching {
    private static final String ABSENT = "nothing";

    /// What a device reports about itself.
    public record Device(Tree.Obj properties, Tree.Obj labels) {}

    /// The answer for one device and one profile.
    public sealed interface Answer {
        /// The device may run it.
        record Eligible() implements Answer {}

        /// The device may not, for all of these reasons.
        record NotEligible(List<Reason> reasons) implements Answer {
            public NotEligible {
                reasons = List.copyOf(reasons);
            }
        }

        default boolean eligible() {
            return this instanceof Eligible;
        }
    }

    /// One condition that does not hold.
    ///
    /// @param field which one, as a path below `deviceConstraints`, or `type`
    /// @param rule the requirement id behind it
    /// @param wanted what the author asks for
    /// @param reported what the device says about it
    public record Reason(String field, String rule, String wanted, String reported) {
        @Override
        public String toString() {
            return field + ": wanted " + wanted + ", reported " + reported + " (" + rule + ")";
        }
    }

    private Matching() {}

    /// Whether a device may run this profile: it supports the type (reading A-10), has the capacity, and fits a
    /// rule.
    public static Answer match(DeploymentProfile profile, Device device) {
        return match(profile.type(), profile.constraints(), device);
    }

    /// The same for a deployment, which carries type and constraints.
    public static Answer match(String type, DeviceConstraints constraints, Device device) {
        var reasons = new ArrayList<Reason>();
        type(type, device, reasons);
        capacity(constraints.capacity(), device, reasons);
        return reasons.isEmpty() ? rules(constraints, device) : new Answer.NotEligible(reasons);
    }

    /// Only the eligibility rules: what a device checks itself before it installs.
    public static Answer rules(DeviceConstraints constraints, Device device) {
        var reasons = new ArrayList<Reason>();
        for (int i = 0; i < constraints.rules().size(); i++) {
            List<Reason> broken = broken(constraints.rules().get(i), "eligibilityRules[" + i + "]", device);
            if (broken.isEmpty()) {
                return new Answer.Eligible();
            }
            reasons.addAll(broken);
        }
        return reasons.isEmpty() ? new Answer.Eligible() : new Answer.NotEligible(reasons);
    }

    private static void type(String type, Device device, List<Reason> reasons) {
        Optional<Tree> supported = device.properties().get("supportedDeploymentTypes");
        boolean known = supported
                .filter(types -> types instanceof Tree.Arr(var items) && items.contains(Tree.of(type)))
                .isPresent();
        if (!known) {
            reasons.add(new Reason("type", "AD-027", "a device that supports " + type, shown(supported)));
        }
    }

    private static void capacity(DeviceConstraints.Capacity wanted, Device device, List<Reason> reasons) {
        wanted.cpu().ifPresent(cpu -> cpu(cpu, device, reasons));
        wanted.memory().ifPresent(amount -> amount("memory", amount, device, reasons));
        wanted.storage().ifPresent(amount -> amount("storage", amount, device, reasons));
    }

    /// One processor entry must have enough cores and a fitting architecture; entries are never added up.
    @Requirement("AD-031")
    private static void cpu(DeviceConstraints.Cpu wanted, Device device, List<Reason> reasons) {
        Optional<Tree> reported = device.properties().get("cpus");
        List<Tree> entries = reported.orElse(Tree.Obj.EMPTY) instanceof Tree.Arr(var items) ? items : List.of();
        if (entries.stream().noneMatch(entry -> fits(wanted, entry))) {
            String architectures =
                    wanted.architectures().isEmpty() ? "" : " of " + String.join(" or ", wanted.architectures());
            reasons.add(new Reason(
                    "capacityRequirements.cpu",
                    "AD-031",
                    "one cpu" + architectures + " with at least " + Json.decimal(wanted.cores()) + " cores",
                    shown(reported)));
        }
    }

    private static boolean fits(DeviceConstraints.Cpu wanted, Tree entry) {
        return entry instanceof Tree.Obj cpu
                && cpu.get("cores").orElse(new Tree.Null()) instanceof Tree.Num(var cores)
                && cores.compareTo(wanted.cores()) >= 0
                && (wanted.architectures().isEmpty()
                        || cpu.get("architecture").orElse(new Tree.Null()) instanceof Tree.Str(var architecture)
                                && wanted.architectures().contains(architecture));
    }

    private static void amount(String member, Quantity wanted, Device device, List<Reason> reasons) {
        Optional<Tree> reported = device.properties().get(member);
        if (reported.flatMap(Matching::quantity)
                .filter(has -> has.compareTo(wanted) >= 0)
                .isEmpty()) {
            reasons.add(new Reason("capacityRequirements." + member, "AD-032", "at least " + wanted, shown(reported)));
        }
    }

    private static Optional<Quantity> quantity(Tree reported) {
        if (!(reported instanceof Tree.Str(var text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Quantity.reported(text));
        } catch (Fault _) {
            return Optional.empty();
        }
    }

    private static List<Reason> broken(DeviceConstraints.Rule rule, String field, Device device) {
        var reasons = new ArrayList<Reason>();
        broken(rule.properties(), field + ".propertySelector", device.properties(), true, reasons);
        broken(rule.labels(), field + ".labelSelector", device.labels(), false, reasons);
        return reasons;
    }

    private static void broken(
            List<Expression> expressions, String field, Tree.Obj root, boolean objects, List<Reason> reasons) {
        for (int i = 0; i < expressions.size(); i++) {
            Expression expression = expressions.get(i);
            if (!holds(expression, root, objects)) {
                reasons.add(new Reason(
                        field + ".matchExpressions[" + i + "]",
                        "AD-034",
                        expression.toString(),
                        shown(expression.key().in(root))));
            }
        }
    }

    /// What a value looks like to the operators; every other JSON type makes each expression false.
    private sealed interface Shape {
        /// The key is not there.
        record Absent() implements Shape {}

        /// Strings, numbers or one boolean; `single` when it is no array.
        record Scalars(List<Tree> values, boolean single) implements Shape {}

        /// An array of objects.
        record Objects(List<Tree.Obj> items) implements Shape {}

        /// Anything else.
        record Unfit() implements Shape {}
    }

    @Requirement({"AD-041", "AD-043"})
    private static Shape shape(Optional<Tree> found, boolean objects) {
        if (found.isEmpty()) {
            return new Shape.Absent();
        }
        return switch (found.get()) {
            case Tree.Str s -> new Shape.Scalars(List.of(s), true);
            case Tree.Num n -> new Shape.Scalars(List.of(n), true);
            case Tree.Bool b -> new Shape.Scalars(List.of(b), true);
            case Tree.Arr(var items)
            when items.stream().allMatch(item -> item instanceof Tree.Str || item instanceof Tree.Num) ->
                new Shape.Scalars(items, false);
            case Tree.Arr(var items)
            when objects && items.stream().allMatch(Tree.Obj.class::isInstance) ->
                new Shape.Objects(items.stream().map(Tree.Obj.class::cast).toList());
            case Tree.Arr _, Tree.Obj _, Tree.Null _ -> new Shape.Unfit();
        };
    }

    /// Whether an expression holds.
    ///
    /// @param root the properties, the labels, or one element of an array of objects
    /// @param objects whether arrays of objects may stand there: not in labels
    @Requirement({"AD-042", "AD-044", "AD-045", "AD-046", "AD-047", "AD-048", "AD-049", "AD-053"})
    static boolean holds(Expression expression, Tree.Obj root, boolean objects) {
        Shape shape = shape(expression.key().in(root), objects);
        return switch (expression) {
            case Expression.In(var _, var values) ->
                shape instanceof Shape.Scalars(var found, var _) && shared(found, values);
            case Expression.NotIn(var _, var values) ->
                shape instanceof Shape.Scalars(var found, var _) && !shared(found, values);
            case Expression.Exists _ -> shape instanceof Shape.Scalars;
            case Expression.DoesNotExist _ -> shape instanceof Shape.Absent;
            case Expression.Gt(var _, var than) ->
                single(shape).filter(n -> n.compareTo(than) > 0).isPresent();
            case Expression.Lt(var _, var than) ->
                single(shape).filter(n -> n.compareTo(than) < 0).isPresent();
            case Expression.ContainsAll(var _, var items) ->
                shape instanceof Shape.Objects(var found)
                        && found.stream().anyMatch(item -> items.stream().allMatch(inner -> holds(inner, item, true)));
            case Expression.ContainsAny(var _, var items) ->
                shape instanceof Shape.Objects(var found)
                        && found.stream().anyMatch(item -> items.stream().anyMatch(inner -> holds(inner, item, true)));
        };
    }

    private static boolean shared(List<Tree> found, List<Tree> values) {
        return found.stream().anyMatch(values::contains);
    }

    /// Numbers only; arrays and numeric texts are not compared (reading A-08).
    private static Optional<BigDecimal> single(Shape shape) {
        return shape instanceof Shape.Scalars(var values, var single)
                        && single
                        && values.getFirst() instanceof Tree.Num(var number)
                ? Optional.of(number)
                : Optional.empty();
    }

    private static String shown(Optional<Tree> reported) {
        return reported.map(value -> Json.canonical(value).text())
                .map(text -> text.length() > 200 ? text.substring(0, 200) + "…" : text)
                .orElse(ABSENT);
    }
}
