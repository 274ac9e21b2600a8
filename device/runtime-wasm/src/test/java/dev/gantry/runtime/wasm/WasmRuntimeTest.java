// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Blob;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every isolation does; each runs all of it.
abstract class WasmRuntimeTest {
    Site site;

    @TempDir
    Path folder;

    abstract String isolation();

    @BeforeEach
    void open() {
        site = new Site(folder, Map.of("isolation", isolation()));
    }

    @AfterEach
    void close() {
        site.close();
    }

    static final Blob HELLO =
            Wat.command("hello\\n", "(call $say (i32.const 1) (i32.const 1024) (i32.const 6))");

    @Test
    void aModuleSaysHelloAndIsDone() throws WorkloadException {
        site.ensure(1, HELLO, "");
        site.awaitLine(1, "out hello");
        site.awaitRunning(1);
        assertEquals(Map.of(), site.counts(1).falls());
    }

    @Test
    void aModuleThatGoesOnIsRunningUntilItIsRemoved() throws WorkloadException {
        site.ensure(1, Wat.ticking("tick"), "grants: { clocks: [monotonic] }");
        site.awaitLine(1, "out tick");
        site.awaitRunning(1);
        assertTrue(site.condition(1) instanceof Condition.Running);
        site.runtime().remove(Site.id(1));
        site.awaitGone(1);
    }
}
