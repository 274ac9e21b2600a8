// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Blob;
import dev.gantry.content.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the runtime does in every isolation; each runs all of it.
abstract class WasmRuntimeTest {
    static final String CLOCKS = "grants: { clocks: [monotonic] }";

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

    @Test
    void aModuleSaysHelloAndIsDone() throws WorkloadException {
        site.ensure(1, Modules.HELLO, "");
        site.awaitLine(1, "out hello");
        site.awaitRunning(1);
        assertEquals(Map.of(), site.counts(1).falls());
    }

    @Test
    void aModuleThatGoesOnRunsUntilItIsRemovedAndLeavesNothing() throws Exception {
        site.ensure(1, Wat.ticking("tick"), CLOCKS);
        site.awaitLine(1, "out tick");
        site.awaitRunning(1);
        site.runtime().remove(Site.id(1));
        site.awaitGone(1);
        assertEquals(List.of(), files("workloads"));
        assertEquals(List.of(), files("modules"));
    }

    @Test
    void removingWhatIsNotThereIsNoError() throws WorkloadException {
        site.runtime().remove(Site.id(9));
        assertEquals(List.of(), site.runtime().running());
    }

    @Test
    void aModuleSeesItsVariablesAndThoseOfTheDeviceAndNoOthers() throws WorkloadException {
        site.ensure(1, Modules.ENVIRONMENT, "env: { THRESHOLD: \"0.75\" }", Map.of("ENV.LIMIT", Tree.of(30)));
        site.await("a line", () -> !site.lines(1).isEmpty(), 1);
        List<String> variables =
                List.of(site.lines(1).getFirst().substring("out ".length()).split("\0"));
        assertEquals(
                List.of("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318", "THRESHOLD=0.75", "LIMIT=30"), variables);
    }

    @Test
    void aModuleSeesItsNameAndItsArguments() throws WorkloadException {
        var parameters = new LinkedHashMap<String, Tree>();
        parameters.put("modules.filter.args.1", Tree.of("7"));
        parameters.put("modules.filter.args.+", Tree.of(true));
        site.ensure(1, Modules.ARGUMENTS, "args: [\"--line\", \"4\"]", parameters);
        site.await("a line", () -> !site.lines(1).isEmpty(), 1);
        assertEquals("out filter\0--line\0007\0true\0", site.lines(1).getFirst());
    }

    @Test
    void twoDeploymentsOfOneModuleHaveTheirOwnSettings() throws WorkloadException {
        site.ensure(1, Modules.ARGUMENTS, "args: [one]");
        site.ensure(2, Modules.ARGUMENTS, "args: [two]");
        site.awaitLine(1, "out filter\0one\0");
        site.awaitLine(2, "out filter\0two\0");
    }

    @Test
    void aTrapFailsTheWorkloadWithItsCode() throws WorkloadException {
        site.ensure(1, Modules.TRAP, "restart: { policy: never }");
        assertEquals("WASM_TRAP", site.awaitFailed(1).code());
    }

    @Test
    void anExitCodeFailsTheWorkloadWithIt() throws WorkloadException {
        site.ensure(1, Modules.EXIT_SEVEN, "restart: { policy: never }");
        Condition.Failed failed = site.awaitFailed(1);
        assertEquals("WASM_EXIT_NONZERO", failed.code());
        assertEquals("filter ended with 7", failed.message());
    }

    @Test
    void aCrashLoopIsGivenUpAfterItsRestarts() throws WorkloadException {
        site.ensure(1, Modules.TRAP, "restart: { policy: on-failure, max: 2, backoff: { first: 10ms, max: 20ms } }");
        Condition.Failed failed = site.awaitFailed(1);
        assertEquals("WASM_TRAP", failed.code());
        assertTrue(failed.message().contains("after 2 restarts"), failed.message());
        assertEquals(3, site.counts(1).starts());
    }

    @Test
    void deepRecursionEndsOnlyTheModule() throws WorkloadException {
        site.ensure(1, Modules.RECURSION, "restart: { policy: never }\nlimits: { stack: 256Ki }");
        assertEquals("WASM_STACK_OVERFLOW", site.awaitFailed(1).code());
    }

    @Test
    void memoryStopsGrowingAtTheLimit() throws WorkloadException {
        site.ensure(1, Modules.MEMORY_BOMB, "limits: { memory: 2Mi }");
        site.awaitLine(1, "out 32");
    }

    @Test
    void anEndlessLoopCanBeRemovedAndLeavesItsNeighbourAlone() throws WorkloadException {
        site.ensure(1, Wat.ticking("tick"), CLOCKS);
        site.ensure(2, Modules.ENDLESS, "stop: { grace: 1s }");
        site.awaitRunning(2);
        site.runtime().remove(Site.id(2));
        site.awaitGone(2);
        site.awaitRunning(1);
        assertEquals(1, site.counts(1).starts());
    }

    @Test
    void aFloodOfLinesIsDroppedAndCounted() throws Exception {
        site.ensure(1, Modules.LOG_FLOOD, "limits: { logRate: 4Ki/s, cpu: 1 }");
        site.awaitRunning(1);
        site.await("dropped lines", () -> site.counts(1).droppedLines() > 10_000, 1);
        long kept = site.lines(1).size();
        assertTrue(kept > 0 && kept < 5_000, "kept " + kept);
    }

    @Test
    void aModuleWhoseSetUpNeverEndsFailsInTime() throws WorkloadException {
        site.ensure(1, Modules.NEVER_STARTS, "restart: { policy: never }\nhealth: { startWithin: 600ms }");
        assertEquals("WASM_START_TIMEOUT", site.awaitFailed(1).code());
    }

    @Test
    void aDeadlineForTheSetUpHasItsOwnCode() throws WorkloadException {
        site.ensure(1, Modules.NEVER_STARTS, "restart: { policy: never }\nlimits: { deadline: 600ms }");
        assertEquals("WASM_DEADLINE", site.awaitFailed(1).code());
    }

    @Test
    void aModuleThatFallsSilentIsUnhealthy() throws WorkloadException {
        site.ensure(
                1,
                Modules.FALLS_SILENT,
                CLOCKS + "\nrestart: { policy: never }\nhealth: { liveness: { type: heartbeat, every: 200ms } }");
        site.awaitRunning(1);
        assertEquals("WASM_UNHEALTHY", site.awaitFailed(1).code());
        assertEquals(List.of(), site.lines(1));
    }

    @Test
    void whatWantsAForeignImportIsRefusedByTheImportsName() {
        refused("WASM_IMPORT_MISSING", "missing import env:gpio_set", Modules.WANTS_A_FOREIGN_IMPORT, "");
    }

    @Test
    void anImportOfAnotherSignatureFailsByTheEngine() throws WorkloadException {
        Blob module = Wat.compile("(module (import \"wasi_snapshot_preview1\" \"fd_close\" (func (param i64)))"
                + " (memory (export \"memory\") 1) (func (export \"_start\")))");
        site.ensure(1, module, "");
        Condition.Failed failed = site.awaitFailed(1);
        assertEquals("WASM_IMPORT_MISSING", failed.code());
        assertTrue(failed.message().contains("fd_close"), failed.message());
    }

    @Test
    void twoGibibytesOfMemoryAreRefused() {
        refused(
                "WASM_LIMIT_EXCEEDS_DEVICE",
                "begins with 32768 pages of memory, its limit is 256",
                Modules.HUGE_MEMORY,
                "");
        refused(
                "WASM_LIMIT_EXCEEDS_DEVICE",
                "needs 2048 Mi of memory, this device allows 512",
                Modules.HUGE_MEMORY,
                "limits: { memory: 2Gi }");
    }

    private void refused(String code, String message, Blob module, String settings) {
        var refusal = assertThrows(WorkloadException.class, () -> site.ensure(1, module, settings));
        assertEquals(code, refusal.code());
        assertEquals(message, refusal.getMessage());
        assertFalse(refusal.again());
        assertEquals(List.of(), site.runtime().running());
        assertEquals(List.of(), files("workloads"));
    }

    @Test
    void nothingRunsWithoutAGrant() throws WorkloadException {
        denied("clock_time_get", "i32 i64 i32", "(i32.const 0) (i64.const 1) (i32.const 300)", "clocks", 58);
        denied("random_get", "i32 i32", "(i32.const 300) (i32.const 8)", "random", 52);
        denied(
                "path_open",
                "i32 i32 i32 i32 i32 i64 i64 i32 i32",
                "(i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 8) (i32.const 0) (i64.const 2) (i64.const 2)"
                        + " (i32.const 0) (i32.const 300)",
                "files",
                76);
        denied(
                "sock_send",
                "i32 i32 i32 i32 i32",
                "(i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0)" + " (i32.const 300)",
                "outbound",
                58);
        denied("proc_raise", "i32", "(i32.const 9)", "process", 52);
    }

    private void denied(String function, String types, String arguments, String grant, int error)
            throws WorkloadException {
        site.ensure(1, Modules.calling(function, types, arguments), "");
        site.awaitLine(1, "out " + error);
        site.await("a count", () -> site.counts(1).denied().containsKey(grant), 1);
        assertEquals(1, site.counts(1).denied().get(grant));
        site.runtime().remove(Site.id(1));
        site.awaitGone(1);
    }

    @Test
    void whatIsGrantedIsThere() throws WorkloadException {
        site.ensure(
                1,
                Modules.calling("random_get", "i32 i32", "(i32.const 300) (i32.const 8)"),
                "grants: { random: true }");
        site.ensure(
                2,
                Modules.calling("clock_time_get", "i32 i64 i32", "(i32.const 0) (i64.const 1) (i32.const 300)"),
                "grants: { clocks: [wall] }");
        site.awaitLine(1, "out 00");
        site.awaitLine(2, "out 00");
    }

    @Test
    void aBadAddressIsAnErrorNumberAndNoTrap() throws WorkloadException {
        site.ensure(
                1,
                Modules.calling("random_get", "i32 i32", "(i32.const -8) (i32.const 64)"),
                "grants: { random: true }");
        site.awaitLine(1, "out 21");
    }

    private static final String VOLUME =
            "grants: { files: [ { volume: state, path: /data, access: rw } ] }\nvolumes: { state: { size: 64Ki%s } }";

    @Test
    void aFloodOfFilesMeetsItsQuota() throws WorkloadException {
        site.ensure(1, Modules.FILE_FLOOD, VOLUME.formatted(""));
        site.awaitLine(1, "out 51");
        site.await("a count", () -> site.counts(1).denied().containsKey("storage"), 1);
    }

    @Test
    void aVolumeThatMayOnlyBeReadCannotBeWritten() throws WorkloadException {
        site.ensure(1, Modules.WRITES_A_FILE, VOLUME.formatted("").replace("rw", "ro"));
        site.awaitLine(1, "out 76");
    }

    @Test
    void aVolumeOutlivesItsWorkloadOnlyWhenItIsToBeKept() throws Exception {
        site.ensure(1, Modules.WRITES_A_FILE, VOLUME.formatted(", keep: true"));
        site.ensure(2, Modules.WRITES_A_FILE, VOLUME.formatted(""));
        site.awaitLine(1, "out 00");
        site.awaitLine(2, "out 00");
        site.runtime().remove(Site.id(1));
        site.runtime().remove(Site.id(2));
        site.awaitGone(1);
        site.awaitGone(2);
        assertEquals(1, files("workloads").size(), files("workloads").toString());
        assertTrue(files("workloads").getFirst().endsWith("filter/volumes/state/some.txt"));
        site.restart();
        assertEquals(List.of(), site.runtime().running());
    }

    @Test
    void anUnchangedRevisionIsLeftAlone() throws WorkloadException {
        Workload workload = site.ensure(1, Wat.ticking("tick"), CLOCKS);
        site.awaitRunning(1);
        site.runtime().ensure(workload);
        site.awaitRunning(1);
        assertEquals(1, site.counts(1).starts());
    }

    @Test
    void aChangedParameterRestartsThisInstanceOnly() throws WorkloadException {
        Blob module = Wat.ticking("tick");
        site.ensure(1, module, CLOCKS);
        site.ensure(2, module, CLOCKS);
        site.awaitRunning(1);
        site.awaitRunning(2);
        Workload changed = site.ensure(1, module, CLOCKS, Map.of("THRESHOLD", Tree.of("1")));
        site.awaitRunning(1);
        assertEquals(changed.revision(), site.observed(1).orElseThrow().revision());
        assertEquals(2, site.counts(1).starts());
        assertEquals(1, site.counts(2).starts());
    }

    @Test
    void anUpdateTakesOver() throws WorkloadException {
        site.ensure(1, Wat.ticking("old"), CLOCKS);
        site.awaitLine(1, "out old");
        Workload next = site.ensure(1, Wat.ticking("new"), CLOCKS);
        site.awaitRunning(1);
        assertEquals(next.revision(), site.observed(1).orElseThrow().revision());
        site.awaitLine(1, "out new");
    }

    @Test
    void aBrokenUpdateLeavesTheOldRevisionRunning() throws WorkloadException {
        site.ensure(1, Wat.ticking("old"), CLOCKS);
        site.awaitLine(1, "out old");
        Workload broken = site.ensure(1, Modules.TRAP, "");
        Condition.Failed failed = site.awaitFailed(1);
        assertEquals(broken.revision(), site.observed(1).orElseThrow().revision());
        assertTrue(failed.message().contains("previous revision"), failed.message());
        assertEquals(2, site.counts(1).starts());
        site.restart();
        assertEquals(failed, site.condition(1));
        site.await(
                "the old one again",
                () -> site.lines(1).stream().filter("out old"::equals).count() == 2,
                1);
    }

    @Test
    void anUpdateThatFallsSoonAfterItTookOverGivesWayToTheOldRevision() throws WorkloadException {
        site.ensure(1, Wat.ticking("old"), CLOCKS);
        site.awaitLine(1, "out old");
        site.ensure(1, Modules.trappingAfter(800), CLOCKS);
        site.awaitRunning(1);
        site.awaitFailed(1);
        site.await(
                "the old one again",
                () -> site.lines(1).stream().filter("out old"::equals).count() == 2,
                1);
    }

    @Test
    void writersOfOneVolumeNeverRunTogether() throws WorkloadException {
        String settings = VOLUME.formatted("").replace("files:", "clocks: [monotonic], files:");
        site.ensure(1, Wat.ticking("old"), settings);
        site.awaitLine(1, "out old");
        site.ensure(1, Modules.TRAP, settings);
        site.awaitFailed(1);
        site.await(
                "the old one again",
                () -> site.lines(1).stream().filter("out old"::equals).count() == 2,
                1);
        assertEquals(3, site.counts(1).starts());
    }

    @Test
    void whatWasAskedForIsRightAfterAFailedUpdateWasTakenBack() throws WorkloadException {
        Workload old = site.ensure(1, Wat.ticking("old"), CLOCKS);
        site.awaitLine(1, "out old");
        site.ensure(1, Modules.TRAP, "");
        site.awaitFailed(1);
        site.runtime().ensure(old);
        site.awaitRunning(1);
        assertEquals(old.revision(), site.observed(1).orElseThrow().revision());
        assertEquals(2, site.counts(1).starts());
    }

    @Test
    void everythingStartsAgainWithTheAgentWithoutBeingAsked() throws WorkloadException {
        Workload workload = site.ensure(1, Wat.ticking("tick"), CLOCKS, Map.of("A", Tree.of("b")));
        site.awaitLine(1, "out tick");
        site.restart();
        site.awaitRunning(1);
        assertEquals(workload.revision(), site.observed(1).orElseThrow().revision());
        site.runtime().ensure(workload);
        site.await("a second start", () -> site.lines(1).equals(List.of("out tick", "out tick")), 1);
        assertEquals(1, site.counts(1).starts());
    }

    @Test
    void workThatIsDoneIsNotDoneAgainAfterARestart() throws WorkloadException {
        site.ensure(1, Modules.HELLO, "");
        site.awaitLine(1, "out hello");
        site.await("its mark", () -> site.counts(1).starts() == 1 && marked(), 1);
        site.restart();
        site.awaitRunning(1);
        assertEquals(0, site.counts(1).starts());
    }

    private boolean marked() {
        return files("workloads").stream().anyMatch(file -> file.endsWith("/completed"));
    }

    @Test
    void aDamagedModuleIsLeftForTheAgentToBringAgain() throws Exception {
        Workload workload = site.ensure(1, Wat.ticking("tick"), CLOCKS);
        site.awaitRunning(1);
        Path module = folder.resolve("modules")
                .resolve(Path.of(files("modules").getFirst()).getFileName());
        byte[] bytes = Files.readAllBytes(module);
        bytes[bytes.length - 1]++;
        Files.write(module, bytes);
        site.restart();
        assertEquals(List.of(), site.runtime().running());
        site.runtime().ensure(workload);
        site.awaitRunning(1);
    }

    @Test
    void noMoreWorkloadsThanAllowedAreStarted() throws WorkloadException {
        site.close();
        site = new Site(folder, Map.of("isolation", isolation(), "instances.max", "1"));
        site.ensure(1, Modules.HELLO, "");
        var refusal = assertThrows(WorkloadException.class, () -> site.ensure(2, Modules.HELLO, ""));
        assertEquals("WASM_LIMIT_EXCEEDS_DEVICE", refusal.code());
        assertTrue(refusal.again());
    }

    /// Paths of all files below one of the runtime's folders, relative to it; what the processes say apart.
    List<String> files(String below) {
        try (Stream<Path> files = Files.walk(folder.resolve(below))) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
