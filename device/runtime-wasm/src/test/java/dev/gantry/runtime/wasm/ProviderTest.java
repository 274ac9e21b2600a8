// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProviderTest {
    @TempDir
    Path folder;

    private RuntimeProvider.Found found(Map<String, String> settings) {
        RuntimeProvider provider = ServiceLoader.load(RuntimeProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.name().equals("wasm"))
                .findFirst()
                .orElseThrow();
        return provider.find(new Surroundings(folder, settings, Map.of(), InstantSource.system()));
    }

    @Test
    void theOfferSaysWhatApplicationsCanSelectOn() {
        var ready = assertInstanceOf(
                RuntimeProvider.Found.Ready.class,
                found(Map.of("isolation", "in-process", "memory.max-mi", "64", "instances.max", "3")));
        try (var runtime = ready.runtime()) {
            var offer = runtime.offer();
            assertEquals("custom", offer.runtime());
            assertEquals("custom", offer.deploymentType());
            assertEquals(Tree.of(64), offer.labels().get("x-gantry/wasm.memory.max-mi"));
            assertEquals(Tree.of(3), offer.labels().get("x-gantry/wasm.instances.max"));
            assertEquals(
                    "[\"preview1\"]",
                    Json.canonical(offer.labels().get("x-gantry/wasi.version")).text());
            assertEquals(
                    "{\"imports\":[\"wasi_snapshot_preview1\"]}",
                    Json.canonical(offer.extension()).text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "isolation, none, process or in-process",
        "memory.max-mi, 0, a number from 1 to 2047",
        "instances.max, many, a number from 1 to 10000",
        "container-images, yes, true or false",
        "trial, 1, a time such as 500ms or 2s",
    })
    void aSettingThatMakesNoSenseStopsTheStart(String name, String value, String expected) {
        var fault = assertThrows(Fault.class, () -> found(Map.of(name, value)));
        assertEquals("runtime.wasm." + name + " is \"" + value + "\" but must be " + expected, fault.getMessage());
    }

    @Test
    void aMisspeltSettingStopsTheStart() {
        var fault = assertThrows(Fault.class, () -> found(Map.of("isolaton", "process")));
        assertEquals("runtime.wasm.isolaton is not a setting of this runtime", fault.getMessage());
    }
}
