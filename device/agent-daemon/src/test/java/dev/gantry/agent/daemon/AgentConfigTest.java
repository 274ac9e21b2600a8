// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.Polling;
import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import dev.gantry.content.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
    private static final Machine MACHINE =
            new Machine(3, Optional.of("arm64"), Optional.of("2048Mi"), Optional.of("9000Mi"));
    private static final Map<String, String> LEAST = Map.of(
            "wfm.url", "https://wfm.example:8443",
            "device.id", "press-01",
            "device.vendor", "Acme",
            "device.model", "P-9",
            "device.serial", "0001");

    private static AgentConfig config(String... keysAndValues) {
        var settings = new HashMap<>(LEAST);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return AgentConfig.from(Settings.of(settings), List.of("compose", "wasm"), MACHINE);
    }

    private static String refused(String... keysAndValues) {
        Fault fault = assertThrows(Fault.class, () -> config(keysAndValues));
        assertEquals(Fault.Kind.INVALID, fault.kind());
        return fault.getMessage();
    }

    @Test
    void fiveSettingsAreEnoughAndTheMachineTellsTheRest() {
        AgentConfig config = config();

        assertEquals("/api/v1/deployments", config.wfm().paths().deployments());
        assertEquals(Polling.DEFAULT, config.polling());
        assertEquals("2048Mi", config.device().memory());
        assertEquals("9000Mi", config.device().storage());
        Tree.Obj cpu = config.device().cpus().getFirst();
        assertEquals(Optional.of(Tree.of(3)), cpu.get("cores"));
        assertEquals(Optional.of(Tree.of("arm64")), cpu.get("architecture"));
        assertEquals(List.of(), config.hosting().runtimes());
        assertEquals(0, config.hosting().collector().getPort());
        assertTrue(config.registries().access().plainLoopback());
    }

    @Test
    void theOwnersShareGoesBeforeTheMachinesSize() {
        AgentConfig config = config(
                "cpus",
                "0.5",
                "memory",
                "512Mi",
                "storage",
                "4Gi",
                "device.labels.Line",
                "7",
                "device.interfaces",
                "ethernet,wifi");

        assertEquals("512Mi", config.device().memory());
        assertEquals("4Gi", config.device().storage());
        assertEquals(Optional.of(Tree.of("7")), config.device().labels().get("Line"));
        assertEquals(2, config.device().interfaces().size());
    }

    @Test
    void settingsOfRuntimesReachTheirRuntime() {
        AgentConfig config = config("runtime.wasm.memory.max-mi", "64", "runtimes", "wasm", "poll.every", "5s");

        assertEquals(Map.of("memory.max-mi", "64"), config.hosting().settings().get("wasm"));
        assertEquals(Map.of(), config.hosting().settings().get("compose"));
        assertEquals(List.of("wasm"), config.hosting().runtimes());
        assertEquals(Duration.ofSeconds(5), config.polling().every());
    }

    @Test
    void aMisspeltKeyStopsTheStart() {
        assertTrue(refused("poll.evry", "5s").contains("poll-every"));
        assertTrue(refused("runtime.wsam.trial", "5s").contains("runtime.wsam.trial"));
    }

    @Test
    void whatMakesNoSenseIsRefusedWithItsKey() {
        assertTrue(refused("wfm.url", "http://wfm.example").contains("wfm.url"));
        assertTrue(refused("device.id", "press 01").contains("device.id"));
        assertTrue(refused("cpus", "0").contains("cpus"));
        assertTrue(refused("cpus", "many").contains("cpus"));
        assertTrue(refused("memory", "8 GB").contains("memory"));
        assertTrue(refused("poll.jitter", "0.9").contains("jitter"));
        assertTrue(refused("poll.jitter", "some").contains("poll.jitter"));
        assertTrue(refused("runtimes", "helm").contains("helm"));
        assertTrue(refused("device.interfaces", "telepathy").contains("interfaces"));
    }

    @Test
    void theTokenNeverStandsOnACommandLine(@TempDir Path folder) throws IOException {
        Fault fault = assertThrows(
                Fault.class,
                () -> AgentConfig.from(
                        Settings.read(
                                "GANTRY_AGENT_",
                                List.of("--wfm.url", "https://w:1", "--enrol-token", "gantry1.abc"),
                                Map.of()),
                        List.of(),
                        MACHINE));
        assertTrue(fault.getMessage().contains("--enrol-token-file"), fault.getMessage());
        assertFalse(fault.getMessage().contains("gantry1.abc"));

        Path file = Files.writeString(folder.resolve("token"), "gantry1.abc\n");
        assertEquals(
                Optional.of("gantry1.abc"),
                config("enrol.token-file", file.toString()).wfm().token().map(secret -> secret.reveal()));
        Files.delete(file);
        assertEquals(
                Optional.empty(),
                config("enrol.token-file", file.toString()).wfm().token());
    }

    @Test
    void theMachineIsReadAsItTellsItself(@TempDir Path folder) throws IOException {
        Path table = Files.writeString(folder.resolve("meminfo"), "MemFree: 1 kB\nMemTotal:    8388608 kB\n");

        assertEquals(Optional.of("8192Mi"), Machine.memory(table));
        assertEquals(Optional.empty(), Machine.memory(folder.resolve("none")));
        assertEquals(Optional.of("arm64"), Machine.architecture("aarch64"));
        assertEquals(Optional.empty(), Machine.architecture("s390x"));
        assertTrue(Machine.here(folder.resolve("not/yet/there")).storage().isPresent());
    }
}
