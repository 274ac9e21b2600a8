// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the machine itself says about its size: the defaults where the owner does not set a share aside for
/// workloads.
///
/// @param cores of the machine, as far as this process may use them
/// @param architecture in the standard's words; empty for one that the standard does not name
/// @param memory with a binary unit; empty where the machine does not tell
/// @param storage of the file store that holds the state folder; empty where it does not tell
record Machine(int cores, Optional<String> architecture, Optional<String> memory, Optional<String> storage) {
    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d{1,18}) kB$");
    private static final long KI_PER_MI = 1024;
    private static final long BYTES_PER_MI = 1 << 20;

    /// This machine.
    ///
    /// @param state the state folder, which may not be there yet
    static Machine here(Path state) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                architecture(System.getProperty("os.arch", "")),
                memory(Path.of("/proc/meminfo")),
                storage(state));
    }

    /// The standard's word for what Java calls the architecture (DV-010).
    static Optional<String> architecture(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> Optional.of("amd64");
            case "aarch64", "arm64" -> Optional.of("arm64");
            case "arm", "armv7l", "aarch32" -> Optional.of("arm");
            default -> Optional.empty();
        };
    }

    /// The memory of the machine, from the kernel's table.
    static Optional<String> memory(Path table) {
        try {
            Matcher total = TOTAL.matcher(Files.readString(table));
            return total.find() ? Optional.of(Long.parseLong(total.group(1)) / KI_PER_MI + "Mi") : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> storage(Path state) {
        Path there = state.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return Optional.of(Files.getFileStore(there).getTotalSpace() / BYTES_PER_MI + "Mi");
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// A figure of the machine, or what to set where it does not tell.
    static String known(Optional<String> figure, String key) {
        return figure.orElseThrow(() -> Fault.invalid("this machine does not tell its " + key + "; set " + key
                + " to what workloads may use, 8Gi for example"));
    }
}
