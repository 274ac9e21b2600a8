// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.endive.log.Logger;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasi.WasiExitException;
import run.endive.wasi.WasiOptions;
import run.endive.wasi.WasiPreview1;

/// WASI preview 1 with a guard before each function (webassembly §8): what was not granted answers an error number,
/// never an exception of the host, and is counted by the name of the missing grant (WA-05).
final class GuardedWasi implements AutoCloseable {
    static final String MODULE = "wasi_snapshot_preview1";

    // Error numbers of preview 1.
    private static final int EFAULT = 21;
    private static final int EMFILE = 33;
    private static final int ENOSPC = 51;
    private static final int ENOSYS = 52;
    private static final int ENOTSUP = 58;
    private static final int ENOTCAPABLE = 76;

    private static final int REALTIME = 0;
    private static final int MONOTONIC = 1;
    private static final long COARSE = 1_000_000;
    private static final int LAST_STANDARD_FD = 2;
    private static final int VECTOR_BYTES = 8;
    private static final Set<String> SOCKETS = Set.of("sock_accept", "sock_recv", "sock_send", "sock_shutdown");
    private static final Set<String> CHANGING = Set.of(
            "path_create_directory",
            "path_filestat_set_times",
            "path_remove_directory",
            "path_rename",
            "path_unlink_file",
            "fd_allocate",
            "fd_filestat_set_size",
            "fd_filestat_set_times",
            "fd_pwrite");
    private static final Set<String> LINKS = Set.of("path_link", "path_symlink");

    private final Launch launch;
    private final WasiPreview1 wasi;
    private final Pace pace;
    private final Map<String, Integer> denied = new ConcurrentHashMap<>();
    private int openFiles;

    /// @param out where standard output and standard error go
    GuardedWasi(Launch launch, Lines out, Lines error, Pace pace) {
        this.launch = launch;
        this.pace = pace;
        WasiOptions.Builder options = WasiOptions.builder()
                .withArguments(launch.args())
                .withStdin(InputStream.nullInputStream())
                .withStdout(out)
                .withStderr(error)
                .withRandom(new SecureRandom())
                .withClock(Clock.systemUTC())
                .withThrowOnExit0(false);
        launch.env().forEach(options::withEnvironment);
        launch.mounts().forEach(mount -> options.withDirectory(mount.guest(), mount.host()));
        wasi = WasiPreview1.builder()
                .withLogger(new Silent())
                .withOptions(options.build())
                .build();
    }

    /// The names of everything that is offered, whatever is granted.
    static Set<String> offered() {
        try (var wasi = WasiPreview1.builder().withLogger(new Silent()).build()) {
            return Stream.of(wasi.toHostFunctions())
                    .map(ImportFunction::name)
                    .filter(name -> !name.startsWith("adapter_"))
                    .collect(java.util.stream.Collectors.toUnmodifiableSet());
        }
    }

    ImportValues imports() {
        var guarded = ImportValues.builder();
        for (HostFunction function : wasi.toHostFunctions()) {
            guarded.addFunction(new HostFunction(
                    function.module(),
                    function.name(),
                    function.functionType(),
                    (instance, args) -> call(function, instance, args)));
        }
        return guarded.build();
    }

    /// What was refused since the last call, by grant.
    Map<String, Integer> takeDenied() {
        var taken = new java.util.TreeMap<String, Integer>();
        for (String grant : Set.copyOf(denied.keySet())) {
            Integer times = denied.remove(grant);
            if (times != null) {
                taken.put(grant, times);
            }
        }
        return taken;
    }

    private long[] call(HostFunction function, Instance instance, long[] args) {
        pace.atCall();
        String name = function.name();
        if (instance.memory() == null && !needsNoMemory(name)) {
            return new long[] {EFAULT};
        }
        try {
            int refusal = refusal(name, instance, args);
            return refusal != 0
                    ? new long[] {refusal}
                    : after(name, instance, args, function.handle().apply(instance, args));
        } catch (WasmRuntimeException e) {
            // A bad address, or a call that the engine does not know: the module hears it and goes on.
            return new long[] {String.valueOf(e.getMessage()).startsWith("out of bounds") ? EFAULT : ENOSYS};
        } catch (IndexOutOfBoundsException | NegativeArraySizeException _) {
            return new long[] {EFAULT};
        }
    }

    /// Whether a call works for a module without memory.
    private static boolean needsNoMemory(String name) {
        return name.equals("proc_exit") || name.equals("sched_yield");
    }

    private int refusal(String name, Instance instance, long[] args) {
        if (SOCKETS.contains(name)) {
            return deny("outbound", ENOTSUP);
        }
        return switch (name) {
            case "proc_raise", "adapter_close_badfd", "adapter_open_badfd" -> deny("process", ENOSYS);
            case "random_get" -> launch.grants().random() ? 0 : deny("random", ENOSYS);
            case "clock_time_get", "clock_res_get" -> clock(args);
            case "poll_oneoff" -> launch.grants().monotonic() || launch.grants().wall() ? 0 : deny("clocks", ENOTSUP);
            default -> files(name, instance, args);
        };
    }

    private int clock(long[] args) {
        return switch ((int) args[0]) {
            case REALTIME -> launch.grants().wall() ? 0 : deny("clocks", ENOTSUP);
            case MONOTONIC -> 0;
            default -> ENOTSUP;
        };
    }

    /// Without symbolic links nothing inside a directory leads out of it, so none can be made.
    private int files(String name, Instance instance, long[] args) {
        if (launch.mounts().isEmpty()) {
            return name.startsWith("path_") ? deny("files", ENOTCAPABLE) : 0;
        }
        if (LINKS.contains(name)) {
            return deny("files", ENOTSUP);
        }
        boolean opensForWriting = name.equals("path_open") && writes(args);
        boolean changes = opensForWriting || CHANGING.contains(name);
        boolean writesFile = name.equals("fd_write") && (int) args[0] > LAST_STANDARD_FD || name.equals("fd_pwrite");
        if ((changes || writesFile) && launch.mounts().stream().noneMatch(Launch.Mount::writable)) {
            return deny("files", ENOTCAPABLE);
        }
        if (changes && name.startsWith("path_") && !writable(args)) {
            return deny("files", ENOTCAPABLE);
        }
        if (name.equals("path_open") && openFiles >= Plan.Limits.OPEN_FILES) {
            return EMFILE;
        }
        return changes || writesFile ? quota(name, instance, args) : 0;
    }

    /// Whether `path_open` asks for more than reading: open flags `create` or `truncate`, or the right to write.
    private static boolean writes(long[] args) {
        long openFlags = args[4];
        long rights = args[5];
        return (openFlags & 0b1001) != 0 || (rights & 1 << 6) != 0;
    }

    /// Directories are opened in order from descriptor 3; one opened below them counts as writable when all are.
    private boolean writable(long[] args) {
        int mount = (int) args[0] - LAST_STANDARD_FD - 1;
        List<Launch.Mount> mounts = launch.mounts();
        return mount >= 0 && mount < mounts.size()
                ? mounts.get(mount).writable()
                : mounts.stream().allMatch(Launch.Mount::writable);
    }

    private int quota(String name, Instance instance, long[] args) {
        long more = switch (name) {
            case "fd_write", "fd_pwrite" -> vectors(instance, (int) args[1], (int) args[2]);
            case "fd_allocate" -> args[2];
            case "fd_filestat_set_size" -> args[1];
            case "path_open", "path_create_directory" -> Plan.Limits.LINE_BYTES / 2;
            default -> 0;
        };
        long most = Math.min(
                launch.limits().storageBytes(),
                launch.mounts().stream().mapToLong(Launch.Mount::quota).sum());
        return more < 0 || more > 0 && used() + more > most ? deny("storage", ENOSPC) : 0;
    }

    private static long vectors(Instance instance, int address, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Integer.toUnsignedLong(instance.memory().readInt(address + i * VECTOR_BYTES + Integer.BYTES));
        }
        return sum;
    }

    /// Bytes of all files, each entry counted as one block more so that a flood of empty files meets the quota too.
    private long used() {
        long sum = 0;
        for (Launch.Mount mount : launch.mounts()) {
            try (Stream<Path> files = Files.walk(mount.host())) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    sum += Files.isRegularFile(file) ? Files.size(file) + Plan.Limits.LINE_BYTES / 2 : 0;
                }
            } catch (IOException _) {
                return Long.MAX_VALUE / 2;
            }
        }
        return sum;
    }

    private long[] after(String name, Instance instance, long[] args, long @Nullable [] result) {
        if (name.equals("clock_time_get") && !launch.grants().monotonic() && (int) args[0] == MONOTONIC) {
            int address = (int) args[2];
            instance.memory().writeLong(address, instance.memory().readLong(address) / COARSE * COARSE);
        }
        if (result != null && result.length == 1 && result[0] == 0) {
            if (name.equals("path_open")) {
                openFiles++;
            } else if (name.equals("fd_close")
                    && (int) args[0] > LAST_STANDARD_FD + launch.mounts().size()) {
                openFiles--;
            }
        }
        return result == null ? new long[0] : result;
    }

    private int deny(String grant, int error) {
        denied.merge(grant, 1, Integer::sum);
        return error;
    }

    @Override
    public void close() {
        wasi.close();
    }

    /// The exit code when this is how the module ended.
    static java.util.OptionalInt exit(Throwable thrown) {
        return thrown instanceof WasiExitException exit
                ? java.util.OptionalInt.of(exit.exitCode())
                : java.util.OptionalInt.empty();
    }

    /// The engine's own trace would repeat what modules say; nothing of it is kept.
    private static final class Silent implements Logger {
        @Override
        public void log(Level level, String msg, Throwable throwable) {
            // By design.
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }
    }
}
