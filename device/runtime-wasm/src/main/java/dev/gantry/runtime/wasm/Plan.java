// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// How one module runs: settings of the package with the deployment's parameters applied (webassembly §4.2, §7).
/// Every member has a default, and the default grants nothing.
///
/// @param module its name in parameter pointers
/// @param volumes by name
record Plan(
        String module,
        List<String> args,
        SequencedMap<String, String> env,
        Limits limits,
        Grants grants,
        Supervision supervision,
        Map<String, Volume> volumes) {
    Plan {
        args = List.copyOf(args);
        env = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(env));
        volumes = Map.copyOf(volumes);
    }

    Plan withEnv(String name, String value) {
        var more = new LinkedHashMap<>(env);
        more.put(name, value);
        return new Plan(module, args, more, limits, grants, supervision, volumes);
    }

    Plan withArgs(List<String> others) {
        return new Plan(module, others, env, limits, grants, supervision, volumes);
    }

    Plan withLimits(Limits others) {
        return new Plan(module, args, env, others, grants, supervision, volumes);
    }

    /// The variables that the device gives to every workload; the workload's own values win (OB-023).
    Plan withDefaults(Map<String, String> environment) {
        var all = new LinkedHashMap<>(environment);
        all.putAll(env);
        return new Plan(module, args, all, limits, grants, supervision, volumes);
    }

    /// Whether both would write to one volume, so that they must not run at the same time.
    boolean sharesVolumeWith(Plan other) {
        return grants.files().stream()
                .anyMatch(mine -> other.grants.files().stream()
                        .anyMatch(theirs ->
                                mine.volume().equals(theirs.volume()) && (mine.writable() || theirs.writable())));
    }

    /// What one instance may use.
    ///
    /// @param memoryBytes linear memory; growing beyond answers -1
    /// @param stackBytes of the thread that runs the module
    /// @param milliCores share of processor time, in thousandths of a core
    /// @param deadline for loading, checking and compiling the module; the start limit when absent
    /// @param storageBytes of all its volumes
    /// @param logRate bytes per second, beyond which lines are dropped and counted
    record Limits(
            long memoryBytes,
            long stackBytes,
            int milliCores,
            Optional<Duration> deadline,
            long storageBytes,
            long logRate) {
        static final Limits DEFAULT = new Limits(16L << 20, 1L << 20, 250, Optional.empty(), 1L << 20, 16L << 10);

        static final int PAGE = 1 << 16;
        static final int LINE_BYTES = 8 << 10;
        static final int OPEN_FILES = 16;
        static final int ARGUMENTS = 256;
        static final int VARIABLES = 256;
        static final int TEXT_BYTES = 32 << 10;

        Limits withMemory(long bytes) {
            return new Limits(bytes, stackBytes, milliCores, deadline, storageBytes, logRate);
        }

        Limits withStack(long bytes) {
            return new Limits(memoryBytes, bytes, milliCores, deadline, storageBytes, logRate);
        }

        Limits withCpu(int thousandths) {
            return new Limits(memoryBytes, stackBytes, thousandths, deadline, storageBytes, logRate);
        }

        Limits withDeadline(Duration time) {
            return new Limits(memoryBytes, stackBytes, milliCores, Optional.of(time), storageBytes, logRate);
        }

        Limits withStorage(long bytes) {
            return new Limits(memoryBytes, stackBytes, milliCores, deadline, bytes, logRate);
        }

        Limits withLogRate(long bytesPerSecond) {
            return new Limits(memoryBytes, stackBytes, milliCores, deadline, storageBytes, bytesPerSecond);
        }

        int pages() {
            return (int) (memoryBytes / PAGE);
        }
    }

    /// What a module may do beyond computing and writing lines; nothing unless it stands here (WA-05).
    record Grants(boolean monotonic, boolean wall, boolean random, List<FileGrant> files) {
        static final Grants NONE = new Grants(false, false, false, List.of());

        Grants {
            files = List.copyOf(files);
        }

        /// Their names, for messages.
        List<String> names() {
            var names = new ArrayList<String>();
            if (monotonic || wall) {
                names.add("clocks");
            }
            if (random) {
                names.add("random");
            }
            if (!files.isEmpty()) {
                names.add("files");
            }
            return names;
        }
    }

    /// A volume that appears in the module as a directory.
    record FileGrant(String volume, String path, boolean writable) {}

    /// A folder of the workload's own.
    ///
    /// @param sizeBytes quota
    /// @param keep whether it survives the workload's removal
    record Volume(long sizeBytes, boolean keep) {}

    /// How the runtime watches over an instance.
    ///
    /// @param startWithin until it must have started, and be healthy when it has a health check
    /// @param heartbeat longest silence of a module that sends a heartbeat line; none when absent
    /// @param grace between asking an instance to stop and ending it
    record Supervision(Restart restart, Duration startWithin, Optional<Duration> heartbeat, Duration grace) {
        static final Supervision DEFAULT =
                new Supervision(Restart.DEFAULT, Duration.ofSeconds(10), Optional.empty(), Duration.ofSeconds(5));
    }

    /// When an instance that ended is started again.
    ///
    /// @param max restarts within `within` before it counts as failed
    record Restart(Policy policy, int max, Duration within, Duration first, Duration most) {
        static final Restart DEFAULT =
                new Restart(Policy.ON_FAILURE, 5, Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofMinutes(5));

        /// After which endings.
        enum Policy {
            NEVER,
            ON_FAILURE,
            ALWAYS
        }
    }
}
