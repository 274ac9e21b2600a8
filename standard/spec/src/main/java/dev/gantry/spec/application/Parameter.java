// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Tree;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A value that users may set, and where it goes.
///
/// @param value the default; its type is kept
/// @param targets where the value goes; several get the same value
@Requirement({"AD-056"})
public record Parameter(Optional<Tree> value, List<Target> targets) {
    /// A place for a value.
    ///
    /// @param pointer a dotted path into chart values, or the name of an environment variable
    /// @param components whose place it is
    public record Target(String pointer, List<ComponentName> components) {
        public Target {
            components = List.copyOf(components);
        }
    }

    public Parameter {
        targets = List.copyOf(targets);
    }

    /// Reads a parameter of a description or of a deployment; arrays of scalars are accepted (reading A-18).
    public static Supplier<Parameter> read(Fields fields) {
        Optional<Tree> value = fields.any("value");
        if (value.isPresent() && !isValue(value.get())) {
            fields.wrong("value", "AD-056", "is no string, number, boolean or array of those");
        }
        List<Supplier<Target>> targets = fields.needObjects("targets", "AD-056").stream()
                .map(Parameter::target)
                .toList();
        fields.closed("AD-056", List.of());
        return () -> new Parameter(value, targets.stream().map(Supplier::get).toList());
    }

    private static boolean isValue(Tree value) {
        return switch (value) {
            case Tree.Str _, Tree.Num _, Tree.Bool _ -> true;
            case Tree.Arr(var items) -> items.stream().allMatch(Parameter::isScalar);
            case Tree.Obj _, Tree.Null _ -> false;
        };
    }

    private static boolean isScalar(Tree value) {
        return value instanceof Tree.Str || value instanceof Tree.Num || value instanceof Tree.Bool;
    }

    private static Supplier<Target> target(Fields fields) {
        Optional<String> pointer = fields.needText("pointer", "AD-056");
        pointer.filter(String::isBlank).ifPresent(_ -> fields.wrong("pointer", "AD-056", "is empty"));
        fields.needAny("components", "AD-056");
        var components = new ArrayList<ComponentName>();
        List<String> names = fields.texts("components", "AD-056").orElse(List.of());
        for (int i = 0; i < names.size(); i++) {
            try {
                components.add(new ComponentName(names.get(i)));
            } catch (Fault fault) {
                fields.wrong("components[" + i + "]", "AD-011", fault.getMessage());
            }
        }
        fields.closed("AD-056", List.of());
        return () -> new Target(pointer.orElseThrow(), components);
    }
}
