// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs each module in a Java process of its own, bounded in heap, class space, code and stack.
///
/// The process ends when its standard input ends, so it never outlives the agent for longer than it takes to notice.
/// So that a restarted agent still never runs two copies, each instance holds a file lock: whoever holds it when the
/// next one is to start is ended first.
final class ProcessCarrier implements Carrier {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessCarrier.class);
    private static final long BASE_HEAP = 48L << 20;
    private static final int HEAP_PER_MODULE_BYTE = 16;
    private static final int EXIT_OUT_OF_MEMORY = 3;
    private static final long MAX_EXIT_SECONDS = 5;

    /// What the process needs of this one's class path, each by a class of it.
    private static final List<Class<?>> NEEDED = List.of(
            WasmHost.class,
            Digest.class,
            run.endive.wasm.Parser.class,
            run.endive.runtime.Instance.class,
            run.endive.wasi.WasiPreview1.class,
            run.endive.log.Logger.class,
            run.endive.compiler.MachineFactoryCompiler.class);

    private final Path java;
    private final String classPath;
    private final HostClasses classes;

    /// @param folder for what the processes share: nothing but their prepared classes
    ProcessCarrier(Path folder) {
        java = Path.of(System.getProperty("java.home"), "bin", "java");
        classPath = Stream.concat(NEEDED.stream(), compilerParts())
                .map(ProcessCarrier::place)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        classes = new HostClasses(folder, classPath);
        Thread.ofPlatform().daemon().name("wasm-classes").start(() -> classes.prepare(command(List.of())));
    }

    /// The compiler's own libraries, which this module does not name in its code.
    private static Stream<Class<?>> compilerParts() {
        return Stream.of(
                        "org.objectweb.asm.ClassVisitor",
                        "org.objectweb.asm.commons.InstructionAdapter",
                        "org.objectweb.asm.tree.ClassNode",
                        "org.objectweb.asm.tree.analysis.Analyzer",
                        "org.objectweb.asm.util.CheckClassAdapter",
                        "org.jspecify.annotations.Nullable")
                .flatMap(name -> {
                    try {
                        return Stream.of(Class.forName(name, false, ProcessCarrier.class.getClassLoader()));
                    } catch (ClassNotFoundException _) {
                        return Stream.empty();
                    }
                });
    }

    private static String place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class without a file: " + type, e);
        }
    }

    @Override
    public Carried start(Launch launch, Consumer<Event> events) {
        try {
            endWhoHolds(launch.lock());
            Path run = Objects.requireNonNull(launch.lock().getParent(), "a lock lies in a folder");
            Path errors = run.resolve("process.log");
            Process process = new ProcessBuilder(command(launch))
                    .redirectError(errors.toFile())
                    .directory(run.toFile())
                    .start();
            var commands = new DataOutputStream(process.getOutputStream());
            Thread.ofVirtual().start(() -> follow(process, events));
            launch.writeTo(commands);
            return new Handle(process, commands);
        } catch (IOException e) {
            events.accept(new Event.Ended(Codes.TRAP, "the process could not be started: " + e.getMessage()));
            return new Handle(null, null);
        }
    }

    private record Handle(
            @org.jspecify.annotations.Nullable Process process,
            @org.jspecify.annotations.Nullable DataOutputStream commands)
            implements Carried {
        @Override
        public void stop() {
            try {
                if (commands != null) {
                    commands.writeByte(WasmHost.STOP);
                    commands.flush();
                }
            } catch (IOException _) {
                // It has ended by itself already.
            }
        }

        @Override
        public void kill() {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private List<String> command(Launch launch) throws IOException {
        long module = Files.size(launch.file());
        long heap = BASE_HEAP + launch.limits().memoryBytes() + module * HEAP_PER_MODULE_BYTE;
        var bounds = new ArrayList<>(List.of(
                "-Xms16m",
                "-Xmx" + (heap + 1023) / 1024 + "k",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:MaxMetaspaceSize=128m",
                "-XX:+ExitOnOutOfMemoryError"));
        classes.option().ifPresent(bounds::add);
        return command(bounds);
    }

    /// The collector and the compiler are the same in every process, so that all can use the same prepared classes.
    private List<String> command(List<String> more) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:-UsePerfData");
        command.add("-Xlog:disable");
        command.add("-Xlog:all=error:stderr");
        command.addAll(more);
        command.addAll(List.of("-cp", classPath, WasmHost.class.getName()));
        return command;
    }

    /// A process that an agent left behind ends by itself; this only makes sure of it before the next one starts.
    private static void endWhoHolds(Path lock) throws IOException {
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            var free = channel.tryLock();
            if (free != null) {
                free.release();
                return;
            }
        } catch (NoSuchFileException _) {
            return;
        } catch (OverlappingFileLockException e) {
            throw new IOException("the instance's lock is held by this process", e);
        }
        Optional<ProcessHandle> holder = holder(lock);
        if (holder.isPresent()) {
            LOG.atWarn().addKeyValue("pid", holder.orElseThrow().pid()).log("process of an earlier agent was ended");
            holder.orElseThrow().destroyForcibly();
            try {
                holder.orElseThrow().onExit().get(MAX_EXIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new IOException("the process of an earlier agent does not end", e);
            }
        }
    }

    /// Who wrote its number into the lock, when that is a process of this program.
    private static Optional<ProcessHandle> holder(Path lock) throws IOException {
        String text = Files.readString(lock).strip();
        return text.matches("[0-9]{1,18}")
                ? ProcessHandle.of(Long.parseLong(text))
                        .filter(process -> process.info()
                                .arguments()
                                .filter(args -> List.of(args).contains(WasmHost.class.getName()))
                                .isPresent())
                : Optional.empty();
    }

    private static void follow(Process process, Consumer<Event> events) {
        boolean ended = false;
        try (var in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            while (!ended) {
                Event event = Event.read(in);
                if (event instanceof Event.Ended) {
                    ended = true;
                    awaitExit(process);
                }
                events.accept(event);
            }
        } catch (EOFException _) {
            // It ended without saying so; its exit code tells more.
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("process could not be followed");
        }
        if (!ended) {
            events.accept(unsaid(awaitExit(process)));
        }
    }

    private static int awaitExit(Process process) {
        try {
            if (!process.waitFor(MAX_EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static Event.Ended unsaid(int exit) {
        return switch (exit) {
            case EXIT_OUT_OF_MEMORY ->
                new Event.Ended(Codes.OUT_OF_MEMORY, "needed more memory than its process may have");
            case WasmHost.EXIT_LOCKED -> new Event.Ended(Codes.TRAP, "an earlier process still runs this instance");
            default -> new Event.Ended(Codes.TRAP, "its process ended with " + exit);
        };
    }

    @Override
    public void clear(Path locks) {
        try (Stream<Path> files = Files.list(locks)) {
            for (Path lock :
                    files.filter(file -> file.toString().endsWith(".lock")).toList()) {
                endWhoHolds(lock);
            }
        } catch (NoSuchFileException _) {
            // Nothing ever ran here.
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot clear " + locks + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // The processes end when this one lets go of their standard input.
    }
}
