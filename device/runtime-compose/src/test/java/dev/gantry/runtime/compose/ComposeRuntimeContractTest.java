// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.RuntimeContract;
import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Digest;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract against the engine of this machine, with an image made here of a static busybox.
@Tag("live")
final class ComposeRuntimeContractTest extends RuntimeContract {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String IMAGE = "localhost/gantry-contract:1";
    private static final Tool DOCKER = new Tool(List.of("docker"), Map.of());

    @TempDir
    Path folder;

    private final MemoryBlobs blobs = new MemoryBlobs();

    private Runtime found(Map<String, String> environment) {
        Assumptions.assumeTrue(Files.isExecutable(BUSYBOX), "no /bin/busybox; install busybox-static");
        var found = new ComposeRuntimeProvider()
                .find(new Surroundings(folder, Map.of(), environment, InstantSource.system()));
        return switch (found) {
            case RuntimeProvider.Found.Ready(var runtime) -> runtime;
            case RuntimeProvider.Found.Missing(var reason) -> Assumptions.abort(reason);
        };
    }

    private static void makeTheImage(Path work) {
        try {
            Path bin = Files.createDirectories(work.resolve("root/bin"));
            for (String name : List.of("sh", "sleep", "env")) {
                Files.copy(BUSYBOX, bin.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                assertTrue(bin.resolve(name).toFile().setExecutable(true));
            }
            run(new Tool(List.of("tar"), Map.of()), work, "-C", "root", "-cf", "root.tar", ".");
            run(DOCKER, work, "import", "root.tar", IMAGE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String run(Tool tool, Path folder, String... words) throws IOException {
        Tool.Result result = tool.run(List.of(words), Map.of(), folder, Duration.ofSeconds(60));
        assertTrue(result.well(), result::reason);
        return result.output();
    }

    @Override
    protected Runtime open() {
        var environment = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector", "GIVEN", "by the device");
        Runtime runtime = found(environment);
        makeTheImage(folder.resolve("image"));
        return runtime;
    }

    private Workload workload(WorkloadId id, String compose, String parameter) {
        Digest artifact = Packages.packed(blobs, Map.of("any/compose.yaml", compose));
        return new Workload(
                id,
                Digest.of((artifact + parameter).getBytes(StandardCharsets.UTF_8)),
                new ApplicationId("contract"),
                artifact,
                blobs,
                Map.of("VALUE", Tree.of(parameter)),
                Extensions.NONE);
    }

    @Override
    protected Workload lasting(WorkloadId id, int content, String parameter) {
        return workload(id, """
                services:
                  one:
                    image: %s
                    command: [sleep, "1000%d"]
                    stop_grace_period: 0s
                    network_mode: none
                    environment: { VALUE: "${VALUE}", GIVEN: by the workload }
                    volumes: ["state:/state"]
                volumes: { state: {} }
                """.formatted(IMAGE, content), parameter);
    }

    @Override
    protected Workload crashing(WorkloadId id) {
        return workload(
                id,
                "services: { one: { image: " + IMAGE + ", command: [sh, -c, \"exit 3\"], network_mode: none } }\n",
                "");
    }

    @Override
    protected String instance(Runtime of, WorkloadId id) {
        try {
            return container(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String container(WorkloadId id) throws IOException {
        return run(
                        DOCKER,
                        folder,
                        "ps",
                        "--quiet",
                        "--no-trunc",
                        "--filter",
                        "label=com.docker.compose.project=" + Project.name(id))
                .strip();
    }

    private void running(Runtime runtime, Workload workload) throws Exception {
        runtime.ensure(workload);
        var expected = new Observed(workload.id(), workload.revision(), new Condition.Running());
        for (int i = 0; i < 600 && !runtime.running().contains(expected); i++) {
            Thread.sleep(50);
        }
        assertEquals(List.of(expected), runtime.running());
    }

    @Test
    @Requirement("OB-023")
    void theDevicesVariablesReachTheContainerAndTheWorkloadsOwnWin() throws Exception {
        try (Runtime runtime = open()) {
            running(runtime, lasting(id(1), 1, "se$cret"));
            List<String> variables =
                    run(DOCKER, folder, "exec", container(id(1)), "env").lines().toList();
            assertTrue(variables.contains("OTEL_EXPORTER_OTLP_ENDPOINT=http://collector"), variables::toString);
            assertTrue(variables.contains("GIVEN=by the workload"), variables::toString);
            assertTrue(variables.contains("VALUE=se$cret"), variables::toString);
        }
    }

    @Test
    void itStartsAgainAfterARebootAndItsVolumesGoWithIt() throws Exception {
        try (Runtime runtime = open()) {
            running(runtime, lasting(id(1), 1, "a"));
            String policy =
                    run(DOCKER, folder, "inspect", "--format", "{{.HostConfig.RestartPolicy.Name}}", container(id(1)));
            assertEquals("unless-stopped", policy.strip());
            assertEquals(1, volumes().size());
            runtime.remove(id(1));
            for (int i = 0; i < 600 && !runtime.running().isEmpty(); i++) {
                Thread.sleep(50);
            }
            assertEquals(List.of(), volumes());
        }
    }

    private List<String> volumes() throws IOException {
        return run(DOCKER, folder, "volume", "ls", "--quiet", "--filter", "name=" + Project.name(id(1)))
                .lines()
                .toList();
    }
}
