// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.ExecutionCompletedException;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasi.WasiExitException;
import run.endive.wasm.InvalidException;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.UnlinkableException;
import run.endive.wasm.Version;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;

/// One module from its bytes to its end, on a thread of its own. Knows the engine; knows nothing of processes.
final class Guest {
    /// The name of the engine, for the device's labels.
    static final String ENGINE = "endive";

    static final String ENGINE_VERSION = Version.version();

    private final Launch launch;
    private final Consumer<Event> events;
    private final Pace pace;
    private final Lines.Budget budget;
    private final Thread thread;
    private final Lines out;
    private final Lines error;
    private volatile @Nullable GuardedWasi wasi;
    private volatile Event.@Nullable Ended interruptedAs;

    /// @param events told in order; [Event.Ended] once, at last
    Guest(Launch launch, Consumer<Event> events) {
        this.launch = launch;
        this.events = events;
        pace = new Pace(launch.limits().milliCores());
        budget = new Lines.Budget(launch.limits().logRate(), System.nanoTime());
        out = new Lines(false, budget, events);
        error = new Lines(true, budget, events);
        thread = new Thread(null, this::run, "guest", launch.limits().stackBytes());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /// Asks the module to end. It ends at its next loop or call; whoever cannot wait discards the process.
    ///
    /// @param as how the ending is told
    void interrupt(Event.Ended as) {
        interruptedAs = as;
        thread.interrupt();
    }

    /// Tells what was denied and dropped since the last time, and keeps the module at its share of processor time.
    ///
    /// @param usedNanos processor time of the module so far
    void tick(LongSupplier usedNanos) {
        report();
        if (wasi != null && pace.sample(usedNanos.getAsLong(), System.nanoTime())) {
            interrupt(new Event.Ended(
                    Codes.DEADLINE,
                    "computed above its share of " + launch.limits().milliCores() + "m for " + Pace.PATIENCE.toSeconds()
                            + " s without calling the host once"));
        }
    }

    /// The thread that runs the module.
    long threadId() {
        return thread.threadId();
    }

    private void report() {
        GuardedWasi guarded = wasi;
        if (guarded != null) {
            guarded.takeDenied().forEach((grant, times) -> events.accept(new Event.Denied(grant, times)));
        }
        int dropped = budget.dropped();
        if (dropped > 0) {
            events.accept(new Event.Dropped(dropped));
        }
    }

    private void run() {
        Event.Ended ended = ending();
        out.close();
        error.close();
        report();
        events.accept(ended);
    }

    private Event.Ended ending() {
        try (var guarded = new GuardedWasi(launch, out, error, pace)) {
            Instance instance = instance(guarded);
            wasi = guarded;
            events.accept(new Event.Started());
            instance.export("_start").apply();
            return Event.Ended.WELL;
        } catch (ExecutionCompletedException _) {
            return Event.Ended.WELL;
        } catch (WasiExitException e) {
            return e.exitCode() == 0
                    ? Event.Ended.WELL
                    : new Event.Ended(Codes.EXIT_NONZERO, "ended with " + e.exitCode());
        } catch (Fault fault) {
            return new Event.Ended(Codes.DIGEST_MISMATCH, fault.getMessage());
        } catch (StackOverflowError _) {
            return new Event.Ended(Codes.STACK_OVERFLOW, "called itself too deeply");
        } catch (OutOfMemoryError _) {
            return new Event.Ended(Codes.OUT_OF_MEMORY, "needed more memory than its process may have");
        } catch (WasmEngineException e) {
            return Optional.ofNullable(interruptedAs).orElseGet(() -> told(e));
        } catch (RuntimeException e) {
            return Optional.ofNullable(interruptedAs).orElseGet(() -> new Event.Ended(Codes.TRAP, "trapped: " + e));
        }
    }

    private static Event.Ended told(WasmEngineException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case MalformedException _, InvalidException _ ->
                new Event.Ended(Codes.INVALID_MODULE, "the engine refuses the module: " + message);
            case UnlinkableException _ -> new Event.Ended(Codes.IMPORT_MISSING, "an import does not fit: " + message);
            case UninstantiableException _ -> new Event.Ended(Codes.TRAP, "trapped while being set up: " + message);
            case WasmInterruptedException _ -> new Event.Ended(Codes.DEADLINE, "was interrupted");
            default ->
                message.contains("call stack exhausted")
                        ? new Event.Ended(Codes.STACK_OVERFLOW, "called itself too deeply")
                        : new Event.Ended(Codes.TRAP, "trapped: " + message);
        };
    }

    private Instance instance(GuardedWasi guarded) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(launch.file());
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "the module cannot be read: " + e.getMessage(), e);
        }
        if (!Digest.of(bytes).value().equals(launch.digest())) {
            throw new Fault(Fault.Kind.BROKEN, "the module on disk is not " + launch.digest());
        }
        WasmModule module = Parser.parse(bytes);
        int most = launch.limits().pages();
        var builder = Instance.builder(module)
                .withImportValues(guarded.imports())
                .withMemoryFactory(ByteArrayMemory::new)
                .withMachineFactory(MachineFactoryCompiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.SILENT)
                        .withCache(new CompiledModules(launch.cache(), ENGINE + " " + ENGINE_VERSION))
                        .compile());
        module.memorySection().filter(memories -> memories.memoryCount() > 0).ifPresent(memories -> {
            MemoryLimits declared = memories.getMemory(0).limits();
            builder.withMemoryLimits(
                    new MemoryLimits(declared.initialPages(), Math.min(declared.maximumPages(), most)));
        });
        return builder.withStart(false).build();
    }
}
