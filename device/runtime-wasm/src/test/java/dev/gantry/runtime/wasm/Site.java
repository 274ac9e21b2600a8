// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.Extensions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A device with a WebAssembly runtime, for tests.
final class Site implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final Path folder;
    private final Map<String, String> settings;
    private WasmRuntime runtime;

    Site(Path folder, Map<String, String> settings) {
        this.folder = folder;
        this.settings = new TreeMap<>(settings);
        this.settings.putIfAbsent("trial", "300ms");
        runtime = start();
    }

    private WasmRuntime start() {
        var surroundings = new Surroundings(
                folder,
                settings,
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
                InstantSource.system());
        return WasmRuntime.open(surroundings, WasmSettings.of(settings));
    }

    /// What a restart of the agent does.
    void restart() {
        runtime.close();
        runtime = start();
    }

    WasmRuntime runtime() {
        return runtime;
    }

    MemoryBlobs blobs() {
        return blobs;
    }

    static WorkloadId id(int number) {
        return new WorkloadId(
                new DeploymentId("00000000-0000-4000-8000-%012d".formatted(number)), new ComponentName("filter"));
    }

    /// A workload of a module in the CNCF's layout; its revision follows from its content.
    ///
    /// @param settings YAML of `x-gantry-extensions.wasm`
    Workload workload(int number, Blob module, String settings, Map<String, Tree> parameters) {
        return workload(number, Layouts.cncf(blobs, module), settings, parameters);
    }

    Workload workload(int number, Digest artifact, String settings, Map<String, Tree> parameters) {
        Tree tree = settings.isEmpty() ? Tree.Obj.EMPTY : Yaml.read(Blob.utf8(settings));
        Digest revision = Json.canonical(Tree.members()
                        .put("artifact", artifact.value())
                        .put("settings", tree)
                        .put("parameters", Tree.of(new TreeMap<>(parameters)))
                        .build())
                .digest();
        var extension = Tree.members().put("wasm", tree).build();
        return new Workload(
                id(number),
                revision,
                new ApplicationId("vibration"),
                artifact,
                blobs,
                parameters,
                new Extensions(Map.of(Extensions.GANTRY, extension)));
    }

    Workload ensure(int number, Blob module, String settings) throws WorkloadException {
        return ensure(number, module, settings, Map.of());
    }

    Workload ensure(int number, Blob module, String settings, Map<String, Tree> parameters) throws WorkloadException {
        Workload workload = workload(number, module, settings, parameters);
        runtime.ensure(workload);
        return workload;
    }

    Optional<Observed> observed(int number) {
        return runtime.running().stream()
                .filter(each -> each.id().equals(id(number)))
                .findFirst();
    }

    Condition condition(int number) {
        return observed(number)
                .orElseThrow(() -> new AssertionError("workload " + number + " is not there"))
                .condition();
    }

    /// Lines without their times.
    List<String> lines(int number) {
        return runtime.log(id(number)).stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    Counts counts(int number) {
        return runtime.counts(id(number)).orElseThrow();
    }

    void awaitRunning(int number) {
        await(number, "running", condition -> condition instanceof Condition.Running);
    }

    Condition.Failed awaitFailed(int number) {
        await(number, "failed", condition -> condition instanceof Condition.Failed);
        return (Condition.Failed) condition(number);
    }

    void awaitGone(int number) {
        await("gone", () -> observed(number).isEmpty(), number);
    }

    void awaitLine(int number, String line) {
        await("the line " + line, () -> lines(number).contains(line), number);
    }

    void await(int number, String what, Predicate<Condition> until) {
        await(
                what,
                () -> observed(number).map(Observed::condition).filter(until).isPresent(),
                number);
    }

    /// Looks again and again, because the other side is a process of its own; fails with what is there.
    void await(String what, java.util.function.BooleanSupplier until, int number) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "waited for " + what + " but found " + observed(number) + " with the log " + lines(number));
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
