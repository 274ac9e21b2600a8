// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.softsense;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.runtime.wasm.WasmRuntime;
import dev.gantry.runtime.wasm.WasmRuntimeProvider;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.Extensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Both versions as a device runs them, with the settings of their own `margo.yaml`.
final class SoftSenseTest {
    private static final WorkloadId ID =
            new WorkloadId(new DeploymentId("00000000-0000-4000-8000-000000000001"), new ComponentName("softsense"));

    @TempDir
    Path folder;

    private final MemoryBlobs blobs = new MemoryBlobs();
    private WasmRuntime runtime;

    @BeforeEach
    void open() {
        var settings = Map.of("isolation", "in-process", "trial", "100ms");
        var found =
                new WasmRuntimeProvider().find(new Surroundings(folder, settings, Map.of(), InstantSource.system()));
        runtime = (WasmRuntime) ((RuntimeProvider.Found.Ready) found).runtime();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private void run(String version, Map<String, Tree> parameters) throws Exception {
        Blob module = Blob.of(resource("softsense-" + version + ".wasm"));
        Blob config = Blob.utf8("{\"architecture\":\"wasm\",\"os\":\"wasip1\"}");
        Blob manifest = Json.canonical(Tree.members()
                .put("schemaVersion", 2)
                .put("config", descriptor("application/vnd.wasm.config.v0+json", config))
                .put("layers", Tree.of(List.of(descriptor("application/wasm", module))))
                .build());
        List.of(module, config, manifest).forEach(blobs::put);
        runtime.ensure(new Workload(
                ID,
                Digest.of((version + parameters).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                new ApplicationId("com-softsense-vibration-monitor"),
                manifest.digest(),
                blobs,
                parameters,
                extensions(version)));
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(Assemble.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    private static Tree descriptor(String type, Blob blob) {
        return Tree.members()
                .put("mediaType", type)
                .put("digest", blob.digest().value())
                .put("size", blob.size())
                .build();
    }

    /// The extension of the component, from the description that is shipped.
    private static Extensions extensions(String version) throws IOException {
        Path base = Path.of(System.getProperty("basedir", "."));
        Path description = version.equals("1.0.0")
                ? base.resolve("margo.yaml")
                : base.resolve("../softsense-" + version + "/margo.yaml");
        Tree tree = Yaml.read(Blob.of(Files.readAllBytes(description)));
        for (String name : List.of("deploymentProfiles", "components", Extensions.GANTRY)) {
            tree = ((Tree.Obj) tree).get(name).orElseThrow();
            tree = tree instanceof Tree.Arr(var items) ? items.getFirst() : tree;
        }
        return new Extensions(Map.of(Extensions.GANTRY, (Tree.Obj) tree));
    }

    private List<String> lines(String stream) {
        return runtime.log(ID).stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .filter(line -> line.startsWith(stream + " "))
                .map(line -> line.substring(stream.length() + 1))
                .toList();
    }

    private void await(String what, BooleanSupplier until) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!until.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < end, () -> "waited for " + what + ": " + runtime.running() + runtime.log(ID));
            Thread.sleep(5);
        }
    }

    private static final Map<String, Tree> QUICK = Map.of("SAMPLE_INTERVAL_MS", Tree.of(1));

    @Test
    void aReadingIsPrintedPerWindowAndTheFirstAlarmComesWhenTheMachineWarmsUp() throws Exception {
        run("1.0.0", QUICK);
        await("14 readings", () -> lines("out").size() >= 14);
        List<String> readings = lines("out").subList(0, 14);
        assertEquals(
                IntStream.range(0, 14).mapToObj(Integer::toString).toList(),
                readings.stream().map(line -> line.split(" ", -1)[1]).toList());
        assertTrue(readings.getFirst().matches("reading 0 rms 2\\.1[0-9] mm/s ok"), readings.getFirst());
        assertTrue(readings.get(12).matches("reading 12 rms 4\\.9[0-9] mm/s alarm"), readings.get(12));
        assertTrue(
                lines("err").getFirst().matches("ALARM rms 4\\.[0-9]{2} mm/s is above 4\\.50"),
                lines("err").toString());
    }

    @Test
    void equalRunsGiveEqualReadings() throws Exception {
        run("1.0.0", QUICK);
        await("6 readings", () -> lines("out").size() >= 6);
        List<String> first = lines("out").subList(0, 6);
        run("1.0.0", Map.of("SAMPLE_INTERVAL_MS", Tree.of(2)));
        await(
                "the second run",
                () -> lines("out").stream()
                                .filter(line -> line.startsWith("reading 5 "))
                                .count()
                        > 1);
        List<String> all = lines("out");
        assertEquals(2, all.stream().filter(first.get(5)::equals).count());
    }

    @Test
    void aHigherThresholdGivesNoAlarm() throws Exception {
        run("1.0.0", Map.of("SAMPLE_INTERVAL_MS", Tree.of(1), "THRESHOLD", Tree.of("50")));
        await("a whole cycle", () -> lines("out").size() >= 25);
        assertEquals(List.of(), lines("err"));
    }

    @Test
    void theSecondVersionFindsKnocksThatTheLevelHides() throws Exception {
        run("1.1.0", QUICK);
        await("6 readings", () -> lines("out").size() >= 6);
        List<String> readings = lines("out");
        assertTrue(
                readings.getFirst().matches("reading window=0 level=2\\.1[0-9] peak=3\\.[0-9]{2} state=ok"),
                readings.getFirst());
        assertTrue(
                readings.get(4).matches("reading window=4 level=3\\.[0-9]{2} peak=1[0-9]\\.[0-9]{2} state=peak"),
                readings.get(4));
        assertTrue(
                lines("err").getFirst().matches("ALARM peak 1[0-9]\\.[0-9]{2} mm/s in window 4"),
                lines("err").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "THRESHOLD, high, THRESHOLD is not a number above 0",
        "THRESHOLD, 0, THRESHOLD is not a number above 0",
        "THRESHOLD, '', THRESHOLD is not a number above 0",
        "THRESHOLD, 4.5.1, THRESHOLD is not a number above 0",
        "SAMPLE_INTERVAL_MS, 0, SAMPLE_INTERVAL_MS is not a number from 1 to 3600000",
        "SAMPLE_INTERVAL_MS, -5, SAMPLE_INTERVAL_MS is not a number from 1 to 3600000",
    })
    void aSettingThatMakesNoSenseEndsItWithAWord(String name, String value, String message) throws Exception {
        run("1.0.0", Map.of(name, Tree.of(value)));
        await("its word", () -> lines("err").contains(message));
        assertEquals(List.of(), lines("out"));
    }

    @Test
    void theUpdateTakesOver() throws Exception {
        run("1.0.0", QUICK);
        await("a reading", () -> lines("out").stream().anyMatch(line -> line.startsWith("reading 0 ")));
        run("1.1.0", QUICK);
        await(
                "the new one",
                () -> runtime.running().stream().map(Observed::condition).allMatch(Condition.Running.class::isInstance)
                        && lines("out").stream().anyMatch(line -> line.startsWith("reading window=0 ")));
    }
}
