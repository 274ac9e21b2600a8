// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fields;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What a device must have to run a profile: minimum capacity, and rules over what it reports.
///
/// @param source as it stands in its document; deployments carry it unchanged (AD-068)
/// @param rules one of them must hold; an empty list is no constraint (AD-036, AD-037, reading A-09)
@Requirement({"AD-032", "AD-033", "AD-036", "AD-037"})
public record DeviceConstraints(Tree.Obj source, Capacity capacity, List<Rule> rules) {
    /// No constraints: every device that supports the deployment type.
    public static final DeviceConstraints NONE = new DeviceConstraints(
            Tree.Obj.EMPTY, new Capacity(Optional.empty(), Optional.empty(), Optional.empty()), List.of());

    /// The architectures that a constraint may name (reading A-11).
    static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64", "arm", "riscv64", "other");

    private static final String OTHER = "other";

    /// Minimums; what is absent is not asked for.
    public record Capacity(Optional<Cpu> cpu, Optional<Quantity> memory, Optional<Quantity> storage) {}

    /// Minimum cores, which one processor entry of a device must have alone.
    ///
    /// @param architectures one of which that entry must have; empty admits all
    public record Cpu(BigDecimal cores, List<String> architectures) {
        public Cpu {
            architectures = List.copyOf(architectures);
        }
    }

    /// Holds when both selectors hold; a selector without expressions always does (AD-034, AD-035, reading A-09).
    public record Rule(List<Expression> properties, List<Expression> labels) {
        public Rule {
            properties = List.copyOf(properties);
            labels = List.copyOf(labels);
        }
    }

    public DeviceConstraints {
        rules = List.copyOf(rules);
    }

    /// Reads the member `deviceConstraints` of a description's or a deployment's profile.
    public static Supplier<DeviceConstraints> read(Fields fields) {
        Supplier<Capacity> capacity = fields.object("capacityRequirements", "AD-032")
                .map(DeviceConstraints::capacity)
                .orElse(NONE::capacity);
        List<Supplier<Rule>> rules = fields.objects("eligibilityRules", "AD-036").stream()
                .map(DeviceConstraints::rule)
                .toList();
        fields.closed("AD-027", List.of());
        return () -> new DeviceConstraints(
                fields.tree(), capacity.get(), rules.stream().map(Supplier::get).toList());
    }

    private static Supplier<Capacity> capacity(Fields fields) {
        Optional<Supplier<Cpu>> cpu = fields.object("cpu", "AD-032").map(DeviceConstraints::cpu);
        Optional<Quantity> memory = fields.value("memory", "AD-033", Quantity::memory);
        Optional<Quantity> storage = fields.value("storage", "AD-033", Quantity::storage);
        fields.closed("AD-032", List.of());
        return () -> new Capacity(cpu.map(Supplier::get), memory, storage);
    }

    private static Supplier<Cpu> cpu(Fields fields) {
        Optional<BigDecimal> cores = fields.needNumber("cores", "AD-032");
        cores.filter(number -> number.signum() < 0).ifPresent(_ -> fields.wrong("cores", "AD-032", "is negative"));
        List<String> architectures = fields.texts("architectures", "AD-032").orElse(List.of());
        for (int i = 0; i < architectures.size(); i++) {
            if (!ARCHITECTURES.contains(architectures.get(i))) {
                fields.wrong("architectures[" + i + "]", "AD-032", "is none of amd64, arm64, arm, riscv64, other");
            }
        }
        fields.closed("AD-032", List.of());
        return () -> new Cpu(cores.orElseThrow(), architectures);
    }

    private static Supplier<Rule> rule(Fields fields) {
        Supplier<List<Expression>> properties = selector(fields, "propertySelector", true);
        Supplier<List<Expression>> labels = selector(fields, "labelSelector", false);
        fields.closed("AD-035", List.of());
        return () -> new Rule(properties.get(), labels.get());
    }

    private static Supplier<List<Expression>> selector(Fields fields, String name, boolean pointers) {
        return fields.object(name, "AD-034")
                .map(selector -> Expression.readAll(selector, pointers))
                .orElse(List::of);
    }

    /// Whether these unread constraints name the architecture that has to be explained in words (AD-055).
    static boolean namesOtherArchitecture(Fields constraints) {
        return new Pointer("/capacityRequirements/cpu/architectures")
                .in(constraints.tree())
                .filter(found -> found instanceof Tree.Arr(var items) && items.contains(Tree.of(OTHER)))
                .isPresent();
    }

    /// Whether every rule of these unread constraints selects labels, and there is one (AD-069).
    static boolean selectsLabels(Fields constraints) {
        return constraints
                .tree()
                .get("eligibilityRules")
                .filter(found -> found instanceof Tree.Arr(var items)
                        && !items.isEmpty()
                        && items.stream()
                                .allMatch(rule -> rule instanceof Tree.Obj o
                                        && o.get("labelSelector").isPresent()))
                .isPresent();
    }
}
