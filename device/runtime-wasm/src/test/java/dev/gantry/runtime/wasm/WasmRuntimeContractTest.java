// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.RuntimeContract;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.Extensions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class WasmRuntimeContractTest extends RuntimeContract {
    private static final Blob ONE = Wat.ticking("one");
    private static final Blob TWO = Wat.ticking("two");

    @TempDir
    Path folder;

    private final MemoryBlobs blobs = new MemoryBlobs();

    @Override
    protected Runtime open() {
        var settings = Map.of("trial", "200ms");
        var surroundings =
                new dev.gantry.agent.runtime.Surroundings(folder, settings, Map.of(), InstantSource.system());
        return WasmRuntime.open(surroundings, WasmSettings.of(settings));
    }

    private Workload workload(WorkloadId id, Blob module, String settings, String parameter) {
        Digest artifact = Layouts.cncf(blobs, module);
        var wasm = Tree.members().put("wasm", Yaml.read(Blob.utf8(settings))).build();
        return new Workload(
                id,
                Digest.of((artifact + settings + parameter).getBytes(StandardCharsets.UTF_8)),
                new ApplicationId("contract"),
                artifact,
                blobs,
                Map.of("VALUE", Tree.of(parameter)),
                new Extensions(Map.of(Extensions.GANTRY, wasm)));
    }

    @Override
    protected Workload lasting(WorkloadId id, int content, String parameter) {
        return workload(id, content == 1 ? ONE : TWO, "grants: { clocks: [monotonic] }", parameter);
    }

    @Override
    protected Workload crashing(WorkloadId id) {
        return workload(id, Modules.TRAP, "restart: { max: 1, backoff: { first: 10ms } }", "");
    }

    @Override
    protected String instance(Runtime of, WorkloadId id) {
        return Long.toString(((WasmRuntime) of).counts(id).orElseThrow().starts());
    }
}
