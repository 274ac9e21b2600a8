// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Digest;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// One revision of a Compose component as it is kept on disk.
///
/// @param variables what the parameters say, for the environment of the Compose process
/// @param keepVolumes whether its volumes outlive it
record Order(WorkloadId id, Digest revision, SequencedMap<String, String> variables, boolean keepVolumes) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String ENV = "ENV.";

    /// Reads what is wanted; a pointer is a variable's name, with `ENV.` in front or without.
    static Order of(Workload wanted) throws WorkloadException {
        var variables = new LinkedHashMap<String, String>();
        for (var parameter : wanted.parameters().entrySet()) {
            String pointer = parameter.getKey();
            String name = pointer.startsWith(ENV) ? pointer.substring(ENV.length()) : pointer;
            if (!VARIABLE.matcher(name).matches()) {
                throw new WorkloadException(
                        "PARAMETER_INVALID",
                        "the parameter at " + Text.quoted(pointer) + " is not the name of a variable",
                        false,
                        null);
            }
            variables.put(name, text(pointer, parameter.getValue()));
        }
        boolean keep = wanted.extensions().gantry().get("compose").orElse(Tree.Obj.EMPTY) instanceof Tree.Obj settings
                && settings.get("keepVolumes").orElse(Tree.of(false)).equals(Tree.of(true));
        return new Order(wanted.id(), wanted.revision(), variables, keep);
    }

    private static String text(String pointer, Tree value) throws WorkloadException {
        return switch (value) {
            case Tree.Str(var text) when text.indexOf('\0') < 0 -> text;
            case Tree.Num(var number) -> Json.decimal(number);
            case Tree.Bool(var flag) -> Boolean.toString(flag);
            case Tree.Str _, Tree.Obj _, Tree.Arr _, Tree.Null _ ->
                throw new WorkloadException(
                        "PARAMETER_INVALID",
                        "the parameter at " + Text.quoted(pointer) + " is not a text, a number, true or false",
                        false,
                        null);
        };
    }

    Tree toTree() {
        var texts = new LinkedHashMap<String, Tree>();
        variables.forEach((name, value) -> texts.put(name, Tree.of(value)));
        return Tree.members()
                .put("deployment", id.deployment().value())
                .put("component", id.component().value())
                .put("revision", revision.value())
                .put("variables", Tree.of(texts))
                .put("keepVolumes", keepVolumes)
                .build();
    }

    static Order of(Tree tree) {
        return Fields.read("a kept project", tree, fields -> {
            var deployment = fields.need("deployment", "", DeploymentId::new);
            var component = fields.need("component", "", ComponentName::new);
            var revision = fields.need("revision", "", Digest::new);
            boolean keep = fields.bool("keepVolumes", "").orElse(false);
            var variables = new LinkedHashMap<String, String>();
            fields.needObject("variables", "")
                    .ifPresent(inner -> inner.tree()
                            .members()
                            .keySet()
                            .forEach(name -> inner.text(name, "").ifPresent(value -> variables.put(name, value))));
            return () -> new Order(
                    new WorkloadId(deployment.orElseThrow(), component.orElseThrow()),
                    revision.orElseThrow(),
                    variables,
                    keep);
        });
    }
}
