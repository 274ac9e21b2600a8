// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Digest;
import dev.gantry.content.Fields;
import dev.gantry.content.Tree;
import dev.gantry.spec.ApplicationId;
import java.util.LinkedHashMap;
import java.util.Map;

/// One revision of a workload as this runtime keeps it on disk, so that it starts again after a reboot without network
/// and without being asked (design: what must always hold, 4).
///
/// @param module digest of the module's bytes
/// @param settings the member `wasm` of the component's extension
record Order(
        Digest revision, ApplicationId application, Digest module, Tree.Obj settings, Map<String, Tree> parameters) {
    private static final String EXTENSION = "wasm";

    static Order of(Workload wanted, Digest module) throws WorkloadException {
        Tree settings = wanted.extensions().gantry().get(EXTENSION).orElse(Tree.Obj.EMPTY);
        if (!(settings instanceof Tree.Obj object)) {
            throw new WorkloadException(
                    Codes.FORMAT_UNSUPPORTED, "x-gantry-extensions.wasm is not an object", false, null);
        }
        return new Order(wanted.revision(), wanted.application(), module, object, wanted.parameters());
    }

    /// How it runs; refused with a code when settings or parameters ask for what is not there.
    Plan plan(WorkloadId id, Map<String, String> environment) throws WorkloadException {
        return Parameters.apply(PlanReader.read(settings, id.component().value()), parameters)
                .withDefaults(environment);
    }

    Tree toTree() {
        return Tree.members()
                .put("revision", revision.value())
                .put("application", application.value())
                .put("module", module.value())
                .put("settings", settings)
                .put("parameters", Tree.of(parameters))
                .build();
    }

    static Order of(Tree tree) {
        String rule = "";
        return Fields.read("a kept workload", tree, fields -> {
            var revision = fields.need("revision", rule, Digest::new);
            var application = fields.need("application", rule, ApplicationId::new);
            var module = fields.need("module", rule, Digest::new);
            var settings = fields.needObject("settings", rule).map(Fields::tree);
            var parameters = fields.needObject("parameters", rule).map(Fields::tree);
            return () -> new Order(
                    revision.orElseThrow(),
                    application.orElseThrow(),
                    module.orElseThrow(),
                    settings.orElseThrow(),
                    new LinkedHashMap<>(parameters.orElseThrow().members()));
        });
    }
}
