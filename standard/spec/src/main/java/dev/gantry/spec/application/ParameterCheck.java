// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Finding;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether values fit the schemas of their settings. Findings name the parameter as their field; the value itself
/// never
/// stands in a message, since it may be a secret.
public final class ParameterCheck {
    private static final String RULE = "AD-060";

    private ParameterCheck() {}

    /// Checks what a user sets for one profile: names that exist, and for every parameter with a target in the
    /// profile
    /// the value that will be delivered, the user's or else the default.
    @Requirement("AD-060")
    public static List<Finding> values(
            ApplicationDescription description, DeploymentProfile profile, Map<String, Tree> values) {
        var findings = new ArrayList<Finding>();
        values.keySet().stream()
                .filter(name -> !description.parameters().containsKey(name))
                .forEach(
                        name -> findings.add(new Finding(name, "AD-061", "is not a parameter of " + description.id())));
        description.parameters().forEach((name, parameter) -> {
            if (values.containsKey(name) || reaches(parameter, profile)) {
                Optional<Tree> value = Optional.ofNullable(values.get(name)).or(parameter::value);
                findings.addAll(value(description, name, value));
            }
        });
        return List.copyOf(findings);
    }

    /// The names of immutable parameters whose delivered value would change after an installation.
    @Requirement("AD-059")
    public static List<Finding> changes(
            ApplicationDescription description, Map<String, Tree> installed, Map<String, Tree> wanted) {
        var findings = new ArrayList<Finding>();
        description.parameters().forEach((name, parameter) -> {
            boolean frozen =
                    description.configuration().settings(name).stream().anyMatch(Configuration.Setting::immutable);
            Optional<Tree> before = Optional.ofNullable(installed.get(name));
            Optional<Tree> after = Optional.ofNullable(wanted.get(name)).or(parameter::value);
            if (frozen && before.isPresent() && !before.equals(after)) {
                findings.add(new Finding(
                        name, "AD-059", "is immutable and was used to install; remove the deployment first"));
            }
        });
        return List.copyOf(findings);
    }

    private static boolean reaches(Parameter parameter, DeploymentProfile profile) {
        return parameter.targets().stream()
                .flatMap(target -> target.components().stream())
                .anyMatch(profile::has);
    }

    private static List<Finding> value(ApplicationDescription description, String name, Optional<Tree> value) {
        return description.configuration().settings(name).stream()
                .flatMap(setting -> description.configuration().schema(setting.schema()).stream())
                .flatMap(schema -> value(schema, name, value).stream())
                .distinct()
                .toList();
    }

    /// Checks one value against one schema.
    ///
    /// @param field what findings call it
    @Requirement({"AD-060", "AD-063"})
    public static List<Finding> value(Schema schema, String field, Optional<Tree> value) {
        var findings = new ArrayList<Finding>();
        if (value.isEmpty() || isEmpty(value.get())) {
            if (!schema.allowEmpty()) {
                findings.add(new Finding(field, RULE, "needs a value"));
            }
        } else if (listed(schema)) {
            items(schema, field, value.get(), findings);
        } else {
            scalar(schema, field, value.get(), findings);
        }
        return List.copyOf(findings);
    }

    private static boolean isEmpty(Tree value) {
        return switch (value) {
            case Tree.Str(var text) -> text.isEmpty();
            case Tree.Arr(var items) -> items.isEmpty();
            case Tree.Null _ -> true;
            case Tree.Num _, Tree.Bool _, Tree.Obj _ -> false;
        };
    }

    private static boolean listed(Schema schema) {
        return schema.array() || schema.rule() instanceof Schema.Rule.Select(var multiselect, var _) && multiselect;
    }

    private static void items(Schema schema, String field, Tree value, List<Finding> findings) {
        if (value instanceof Tree.Arr(var items)) {
            for (int i = 0; i < items.size(); i++) {
                scalar(schema, field + "[" + i + "]", items.get(i), findings);
            }
        } else {
            findings.add(new Finding(field, RULE, "is not an array of " + schema.type()));
        }
    }

    private static void scalar(Schema schema, String field, Tree value, List<Finding> findings) {
        if (!schema.type().admits(value)) {
            findings.add(new Finding(field, RULE, "is not of the type " + schema.type()));
            return;
        }
        switch (schema.rule()) {
            case Schema.Rule.Characters rule
            when value instanceof Tree.Str(var text) -> text(rule, field, text, findings);
            case Schema.Rule.Range rule
            when value instanceof Tree.Num(var number) -> number(rule, field, number, findings);
            case Schema.Rule.Select(var _, var options) -> {
                if (!options.contains(value)) {
                    String known = Json.canonical(Tree.of(options)).text();
                    findings.add(new Finding(field, RULE, "is none of the options " + known));
                }
            }
            case Schema.Rule.Flag _, Schema.Rule.Characters _, Schema.Rule.Range _ -> {
                // A flag has no rule besides its type; the other two cannot meet a value of another type.
            }
        }
    }

    private static void text(Schema.Rule.Characters rule, String field, String text, List<Finding> findings) {
        BigDecimal length = BigDecimal.valueOf(text.codePointCount(0, text.length()));
        rule.minLength()
                .filter(least -> length.compareTo(least) < 0)
                .ifPresent(least -> findings.add(new Finding(field, RULE, "has less than " + least + " characters")));
        rule.maxLength()
                .filter(most -> length.compareTo(most) > 0)
                .ifPresent(most -> findings.add(new Finding(field, RULE, "has more than " + most + " characters")));
        rule.regexMatch()
                .filter(regex -> !regex.isFoundIn(text))
                .ifPresent(regex -> findings.add(new Finding(field, RULE, "does not match " + regex)));
    }

    private static void number(Schema.Rule.Range rule, String field, BigDecimal number, List<Finding> findings) {
        BigDecimal digits =
                BigDecimal.valueOf(Math.max(0, number.stripTrailingZeros().scale()));
        rule.minValue()
                .filter(least -> number.compareTo(least) < 0)
                .ifPresent(least -> findings.add(new Finding(field, RULE, "is less than " + Json.decimal(least))));
        rule.maxValue()
                .filter(most -> number.compareTo(most) > 0)
                .ifPresent(most -> findings.add(new Finding(field, RULE, "is more than " + Json.decimal(most))));
        rule.minPrecision()
                .filter(least -> digits.compareTo(least) < 0)
                .ifPresent(least ->
                        findings.add(new Finding(field, RULE, "has less than " + least + " digits after the point")));
        rule.maxPrecision()
                .filter(most -> digits.compareTo(most) > 0)
                .ifPresent(most ->
                        findings.add(new Finding(field, RULE, "has more than " + most + " digits after the point")));
    }
}
