// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Digest;
import dev.gantry.content.Tree;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What holds only when each module has a process of its own.
@Tag("slow")
final class OwnProcessTest extends WasmRuntimeTest {
    @Override
    String isolation() {
        return "process";
    }

    private ProcessHandle process() {
        return ProcessHandle.of(Long.parseLong(read(lock()))).orElseThrow();
    }

    private Path lock() {
        return Path.of(files("workloads").stream()
                .filter(file -> file.endsWith(".lock"))
                .findFirst()
                .orElseThrow());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aKilledProcessIsStartedAgain() throws WorkloadException {
        site.ensure(1, Wat.ticking("tick"), CLOCKS + "\nrestart: { backoff: { first: 10ms } }");
        site.awaitLine(1, "out tick");
        ProcessHandle first = process();
        first.destroyForcibly();
        site.await("a second start", () -> site.counts(1).starts() == 2, 1);
        site.await("its line", () -> site.lines(1).equals(List.of("out tick", "out tick")), 1);
        assertFalse(first.isAlive());
        assertEquals(1, site.counts(1).falls().get("WASM_TRAP"));
    }

    @Test
    void settingsAndParametersDoNotStandOnTheCommandLine() throws Exception {
        site.ensure(1, Wat.ticking("tick"), CLOCKS, Map.of("PASSWORD", Tree.of("s3cret")));
        site.awaitLine(1, "out tick");
        Path proc = Path.of("/proc", Long.toString(process().pid()));
        assertFalse(read(proc.resolve("cmdline")).contains("s3cret"));
        assertFalse(read(proc.resolve("environ")).contains("s3cret"));
    }

    @Test
    void aProcessEndsWhenItsAgentIsGone() throws Exception {
        Process orphan = orphan();
        try {
            orphan.getOutputStream().close();
            assertTrue(orphan.waitFor(20, TimeUnit.SECONDS));
        } finally {
            orphan.destroyForcibly();
        }
    }

    /// The process of an agent that no longer is, but that has not noticed yet.
    @Test
    void aRestartedAgentNeverRunsASecondCopy() throws Exception {
        Process orphan = orphan();
        try {
            site.restart();
            site.await("a line of the new copy", () -> site.lines(1).size() == 2, 1);
            assertFalse(orphan.isAlive());
            assertTrue(process().pid() != orphan.pid());
        } finally {
            orphan.destroyForcibly();
        }
    }

    /// Starts a host by hand with the lock of workload 1, whose own process was ended.
    private Process orphan() throws Exception {
        var workload = site.ensure(1, Wat.ticking("tick"), CLOCKS);
        site.awaitLine(1, "out tick");
        Path module = Path.of(files("modules").getFirst());
        ProcessHandle own = process();
        List<String> command = List.of(own.info().arguments().orElseThrow());
        Path lock = lock();
        site.runtime().close();
        own.onExit().get(20, TimeUnit.SECONDS);
        var full = new java.util.ArrayList<>(command);
        full.addFirst(own.info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        Process orphan = new ProcessBuilder(full)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var grants = new Plan.Grants(true, false, false, List.of());
        new Launch(
                        module,
                        "sha256:" + module.getFileName(),
                        lock,
                        folder.resolve("compiled"),
                        List.of("filter"),
                        new LinkedHashMap<>(),
                        grants,
                        Plan.Limits.DEFAULT,
                        List.of())
                .writeTo(new DataOutputStream(orphan.getOutputStream()));
        site.await("the orphan's lock", () -> read(lock).equals(Long.toString(orphan.pid())), 1);
        assertEquals(workload.revision(), site.observed(1).orElseThrow().revision());
        return orphan;
    }

    @Test
    void whatExhaustsTheHeapOfItsProcessIsToldAsThat() throws WorkloadException {
        site.ensure(
                1,
                Wat.compile("(module (table 1 funcref) (memory (export \"memory\") 1) (func (export \"_start\")"
                        + " (loop $more (br_if $more (i32.ne (table.grow (ref.null func) (i32.const 900000))"
                        + " (i32.const -1)))) (unreachable)))"),
                "limits: { memory: 1Mi }\nrestart: { policy: never }");
        String code = site.awaitFailed(1).code();
        assertEquals("WASM_OUT_OF_MEMORY", code);
    }

    @Test
    void compiledModulesAreKeptAndADamagedOneIsMadeAgain() throws Exception {
        site.ensure(1, Modules.HELLO, "");
        site.awaitLine(1, "out hello");
        Path kept = Path.of(files("compiled").getFirst());
        byte[] bad = Files.readAllBytes(kept);
        bad[bad.length / 2]++;
        Files.write(kept, bad);
        site.ensure(2, Modules.HELLO, "");
        site.awaitLine(2, "out hello");
        assertEquals(List.of(kept.toString()), files("compiled"));
        byte[] mended = Files.readAllBytes(kept);
        assertFalse(Arrays.equals(bad, mended));
        assertEquals(
                Digest.of(Arrays.copyOfRange(mended, 64, mended.length)).hex(),
                new String(mended, 0, 64, StandardCharsets.US_ASCII));
    }
}
