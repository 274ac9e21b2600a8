// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import java.util.ArrayList;
import java.util.Map;

/// Applies a deployment's parameters by their pointers (webassembly §7). A parameter changes values; it never adds a
/// grant and never raises a limit. Values never stand in messages, they may be secrets.
final class Parameters {
    private static final String ENV = "ENV.";

    private Parameters() {}

    /// The plan with every parameter applied; `PARAMETER_INVALID` names the pointer that may not stand here.
    static Plan apply(Plan plan, Map<String, Tree> parameters) throws WorkloadException {
        Plan result = plan;
        for (var parameter : parameters.entrySet()) {
            try {
                result = apply(result, parameter.getKey(), text(parameter.getValue()));
            } catch (Fault fault) {
                throw new WorkloadException(
                        Codes.PARAMETER_INVALID,
                        "the parameter at " + Text.quoted(parameter.getKey()) + " " + fault.getMessage(),
                        false,
                        null);
            }
        }
        return result;
    }

    private static Plan apply(Plan plan, String pointer, String value) {
        if (value.indexOf('\0') >= 0) {
            throw Fault.invalid("holds a NUL character");
        }
        if (pointer.startsWith(ENV)) {
            return variable(plan, pointer.substring(ENV.length()), value);
        }
        String module = "modules." + plan.module() + ".";
        if (!pointer.startsWith(module)) {
            if (pointer.startsWith("modules.")) {
                throw Fault.invalid("names a module that is not there; the module is " + plan.module());
            }
            return variable(plan, pointer, value);
        }
        String rest = pointer.substring(module.length());
        int dot = rest.indexOf('.');
        String name = rest.substring(dot + 1);
        return switch (dot < 0 ? "" : rest.substring(0, dot)) {
            case "env" -> variable(plan, name, value);
            case "args" -> argument(plan, name, value);
            case "limits" -> limit(plan, name, value);
            case "grants" -> throw Fault.invalid("would change a grant");
            default -> throw Fault.invalid("points to nothing that a parameter may change");
        };
    }

    private static Plan variable(Plan plan, String name, String value) {
        if (!PlanReader.isVariable(name)) {
            throw Fault.invalid("is not the name of a variable");
        }
        return plan.withEnv(name, value);
    }

    private static Plan argument(Plan plan, String place, String value) {
        var args = new ArrayList<>(plan.args());
        if (place.equals("+")) {
            args.add(value);
        } else if (place.matches("[0-9]{1,3}") && Integer.parseInt(place) < args.size()) {
            args.set(Integer.parseInt(place), value);
        } else {
            throw Fault.invalid("is not one of the " + args.size() + " arguments");
        }
        return plan.withArgs(args);
    }

    private static Plan limit(Plan plan, String name, String value) {
        Plan.Limits now = plan.limits();
        Plan.Limits then = PlanReader.limit(now, name, value);
        boolean raised = then.memoryBytes() > now.memoryBytes()
                || then.stackBytes() > now.stackBytes()
                || then.milliCores() > now.milliCores()
                || then.storageBytes() > now.storageBytes()
                || then.logRate() > now.logRate()
                || now.deadline().isPresent()
                        && then.deadline()
                                        .orElseThrow()
                                        .compareTo(now.deadline().orElseThrow())
                                > 0;
        if (raised) {
            throw Fault.invalid("would raise a limit; a parameter may only lower it");
        }
        return plan.withLimits(then);
    }

    /// A value as a module sees it: text as it is, numbers in their shortest form, `true` or `false`.
    static String text(Tree value) {
        return switch (value) {
            case Tree.Str(var text) -> text;
            case Tree.Num(var number) -> Json.decimal(number);
            case Tree.Bool(var flag) -> Boolean.toString(flag);
            case Tree.Obj _, Tree.Arr _, Tree.Null _ -> throw Fault.invalid("is not a text, a number, true or false");
        };
    }
}
