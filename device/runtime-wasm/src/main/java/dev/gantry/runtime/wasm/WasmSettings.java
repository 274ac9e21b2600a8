// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// What the device's owner allows, read from `runtime.wasm.*`. A misspelt key is `INVALID` and names itself.
///
/// @param isolation where modules run; [Isolation#PROCESS] unless set
/// @param instances workloads at most (`instances.max`)
/// @param memoryBytes linear memory of one workload at most (`memory.max-mi`)
/// @param moduleBytes size of one module at most (`module.max-mi`)
/// @param containerImages whether a container image with a single `.wasm` file is unpacked (`container-images`)
/// @param logBytes of one workload's log on disk, in two files (`log.max-ki`)
/// @param trial how long a new revision has to run before the old one is stopped (`trial`)
record WasmSettings(
        Isolation isolation,
        int instances,
        long memoryBytes,
        int moduleBytes,
        boolean containerImages,
        int logBytes,
        Duration trial) {
    /// Where modules run.
    enum Isolation {
        /// Each in its own bounded Java process.
        PROCESS,
        /// In the agent's own process: for small devices and trusted modules.
        IN_PROCESS
    }

    static final WasmSettings DEFAULT = of(Map.of());

    private static final int MAX_INSTANCES = 10_000;
    private static final int MAX_MEMORY_MI = 2047;
    private static final int MAX_MODULE_MI = 512;
    private static final int MAX_LOG_KI = 1 << 20;

    /// Reads the settings, given without their prefix.
    static WasmSettings of(Map<String, String> settings) {
        var unused = new TreeSet<>(settings.keySet());
        Function<String, String> text = name -> {
            unused.remove(name);
            return settings.getOrDefault(name, "");
        };
        var read = new WasmSettings(
                isolation(text.apply("isolation")),
                number("instances.max", text.apply("instances.max"), 64, MAX_INSTANCES),
                (long) number("memory.max-mi", text.apply("memory.max-mi"), 512, MAX_MEMORY_MI) << 20,
                number("module.max-mi", text.apply("module.max-mi"), 64, MAX_MODULE_MI) << 20,
                flag("container-images", text.apply("container-images")),
                number("log.max-ki", text.apply("log.max-ki"), 1024, MAX_LOG_KI) << 10,
                time("trial", text.apply("trial"), Duration.ofSeconds(1)));
        if (!unused.isEmpty()) {
            throw Fault.invalid("runtime.wasm." + unused.first() + " is not a setting of this runtime");
        }
        return read;
    }

    private static Isolation isolation(String text) {
        return switch (text) {
            case "", "process" -> Isolation.PROCESS;
            case "in-process" -> Isolation.IN_PROCESS;
            default -> throw wrong("isolation", text, "process or in-process");
        };
    }

    private static int number(String name, String text, int otherwise, int most) {
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw wrong(name, text, "a number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(String name, String text) {
        return switch (text) {
            case "", "false" -> false;
            case "true" -> true;
            default -> throw wrong(name, text, "true or false");
        };
    }

    private static Duration time(String name, String text, Duration otherwise) {
        try {
            return text.isEmpty() ? otherwise : Quantity.time(text);
        } catch (Fault _) {
            throw wrong(name, text, "a time such as 500ms or 2s");
        }
    }

    private static Fault wrong(String name, String text, String expected) {
        return Fault.invalid("runtime.wasm." + name + " is " + Text.quoted(text) + " but must be " + expected);
    }
}
