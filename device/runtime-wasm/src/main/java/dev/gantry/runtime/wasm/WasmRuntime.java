// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Offer;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.FileBlobs;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs WebAssembly modules as workloads of the type `custom`.
///
/// Everything needed to start a workload again lies in this runtime's folder, so that after a reboot all of them run
/// before anybody is asked. Checks that need no engine are made before [#ensure] returns; whatever the engine or the
/// module says later is told by [#running()]. One lock guards the states; nothing waits while it is held.
public final class WasmRuntime implements Runtime {
    private static final Logger LOG = LoggerFactory.getLogger(WasmRuntime.class);
    private static final String LABEL = "x-gantry/";
    private static final int MI = 1 << 20;

    private final Surroundings surroundings;
    private final WasmSettings settings;
    private final Carrier carrier;
    private final ScheduledExecutorService timers;
    private final World world = new World();
    private final FileBlobs modules;
    private final Path workloads;
    private final Path compiled;
    private final SortedMap<WorkloadId, Slot> slots = new TreeMap<>();
    private boolean closed;

    private WasmRuntime(Surroundings surroundings, WasmSettings settings, Carrier carrier) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.carrier = carrier;
        timers = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("wasm-runtime").factory());
        modules = new FileBlobs(surroundings.folder().resolve("modules"));
        workloads = surroundings.folder().resolve("workloads");
        compiled = surroundings.folder().resolve("compiled");
        Disk.createFolder(workloads);
        Disk.createFolder(compiled);
    }

    /// Opens the runtime and starts every workload that it kept.
    static WasmRuntime open(Surroundings surroundings, WasmSettings settings) {
        Disk.createFolder(surroundings.folder());
        Carrier carrier = settings.isolation() == WasmSettings.Isolation.PROCESS
                ? new ProcessCarrier(surroundings.folder())
                : new InProcessCarrier();
        var runtime = new WasmRuntime(surroundings, settings, carrier);
        runtime.resume();
        return runtime;
    }

    @Override
    public String deploymentType() {
        return "custom";
    }

    @Override
    @Requirement("DV-021")
    public Offer offer() {
        SequencedMap<String, Tree> labels = new LinkedHashMap<>();
        labels.put("wasm.runtime", Tree.ofTexts(List.of(Guest.ENGINE)));
        labels.put("wasm.runtime.version", Tree.of(Guest.ENGINE_VERSION));
        labels.put("wasm.version", Tree.ofTexts(List.of("1.0", "2.0")));
        labels.put("wasm.features", Tree.ofTexts(List.of("simd", "exceptions", "tail-call")));
        labels.put("wasi.version", Tree.ofTexts(List.of("preview1")));
        labels.put("wasm.package.format", Tree.ofTexts(List.of(".wasm")));
        labels.put("wasm.grants", Tree.ofTexts(List.of("clocks", "random", "files")));
        labels.put("wasm.memory.max-mi", Tree.of(settings.memoryBytes() / MI));
        labels.put("wasm.instances.max", Tree.of(settings.instances()));
        var prefixed = new LinkedHashMap<String, Tree>();
        labels.forEach((name, value) -> prefixed.put(LABEL + name, value));
        Tree.Obj extension = Tree.members()
                .put("imports", Tree.ofTexts(List.of(GuardedWasi.MODULE)))
                .build();
        return new Offer("custom", deploymentType(), prefixed, extension);
    }

    @Override
    public void ensure(Workload wanted) throws WorkloadException {
        synchronized (world.lock()) {
            Slot slot = slots.get(wanted.id());
            if (slot != null && !slot.removing() && slot.asked().equals(Optional.of(wanted.revision()))) {
                return;
            }
            if (slot != null && slot.removing()) {
                throw new WorkloadException("WASM_REMOVING", "the one before it is still being removed", true, null);
            }
            if (slot == null && slots.size() >= settings.instances()) {
                throw new WorkloadException(
                        Codes.LIMIT_EXCEEDS_DEVICE,
                        "this device runs " + settings.instances() + " WebAssembly workloads at most",
                        true,
                        null);
            }
            Blob module = Artifact.module(wanted.artifact(), wanted.blobs(), settings);
            Order order = Order.of(wanted, module.digest());
            Plan plan = order.plan(wanted.id(), surroundings.environment());
            check(module, plan);
            modules.put(module);
            Slot target = slot == null ? slot(Home.of(workloads, wanted.id())) : slot;
            target.turnTo(generation(order, plan, target));
            slots.put(wanted.id(), target);
        }
    }

    private Slot slot(Home home) {
        home.create();
        return new Slot(
                home, new LogRing(home.log(), settings.logBytes(), surroundings.clock()), world, (order, slot) -> {
                    try {
                        return generation(order, order.plan(home.id(), surroundings.environment()), slot);
                    } catch (WorkloadException e) {
                        throw new Fault(Fault.Kind.BROKEN, "what was kept can no longer be read", e);
                    }
                });
    }

    /// Steps 5 to 8 of webassembly §16, in their order.
    private void check(Blob module, Plan plan) throws WorkloadException {
        ModuleOutline outline = ModuleOutline.read(module);
        Set<String> offered = GuardedWasi.offered();
        for (ModuleOutline.Import wanted : outline.imports()) {
            if (wanted.kind() != ModuleOutline.FUNCTION
                    || !wanted.module().equals(GuardedWasi.MODULE)
                    || !offered.contains(wanted.name())) {
                throw new WorkloadException(
                        Codes.IMPORT_MISSING, "missing import " + shown(wanted.toString()), false, null);
            }
        }
        if (!outline.start()) {
            throw new WorkloadException(
                    Codes.INVALID_MODULE, "the module is no command: it exports no function _start", false, null);
        }
        Plan.Limits limits = plan.limits();
        if (limits.memoryBytes() > settings.memoryBytes()) {
            throw new WorkloadException(
                    Codes.LIMIT_EXCEEDS_DEVICE,
                    "needs " + limits.memoryBytes() / MI + " Mi of memory, this device allows "
                            + settings.memoryBytes() / MI,
                    false,
                    null);
        }
        for (ModuleOutline.Pages pages : outline.memory()) {
            if (pages.initial() > limits.pages()) {
                throw new WorkloadException(
                        Codes.LIMIT_EXCEEDS_DEVICE,
                        "begins with " + pages.initial() + " pages of memory, its limit is " + limits.pages(),
                        false,
                        null);
            }
        }
        long text = Stream.concat(
                        plan.args().stream(),
                        plan.env().entrySet().stream().map(variable -> variable.getKey() + variable.getValue()))
                .mapToLong(String::length)
                .sum();
        if (plan.args().size() > Plan.Limits.ARGUMENTS
                || plan.env().size() > Plan.Limits.VARIABLES
                || text > Plan.Limits.TEXT_BYTES) {
            throw new WorkloadException(
                    Codes.LIMIT_EXCEEDS_DEVICE,
                    "arguments and variables together exceed " + Plan.Limits.TEXT_BYTES + " characters, or there are "
                            + "more than " + Plan.Limits.ARGUMENTS + " of a kind",
                    false,
                    null);
        }
    }

    private static String shown(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private Generation generation(Order order, Plan plan, Slot slot) {
        var mounts = new ArrayList<Launch.Mount>();
        for (Plan.FileGrant file : plan.grants().files()) {
            Path folder = slot.home().volume(file.volume());
            Disk.createFolder(folder);
            long quota = Optional.ofNullable(plan.volumes().get(file.volume()))
                    .map(Plan.Volume::sizeBytes)
                    .orElse(0L);
            mounts.add(new Launch.Mount(file.path(), folder, file.writable(), quota));
        }
        var args = new ArrayList<String>();
        args.add(plan.module());
        args.addAll(plan.args());
        var launch = new Launch(
                modules.path(order.module()),
                order.module().value(),
                slot.home().lock(order.revision()),
                compiled,
                args,
                plan.env(),
                plan.grants(),
                plan.limits(),
                mounts);
        return new Generation(new Generation.Recipe(order, plan, launch, settings.trial()), world, slot, slot.tally());
    }

    @Override
    public void remove(WorkloadId id) {
        synchronized (world.lock()) {
            Slot slot = slots.get(id);
            if (slot != null) {
                slot.remove(() -> {
                    slots.remove(id);
                    sweep();
                });
            }
        }
    }

    /// Removes modules that no workload needs any more.
    private void sweep() {
        Set<Path> needed = slots.values().stream()
                .flatMap(slot -> slot.modules().stream())
                .map(modules::path)
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(surroundings.folder().resolve("modules"))) {
            for (Path file : files.filter(file -> !needed.contains(file)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("unused modules could not be removed");
        }
    }

    @Override
    public List<Observed> running() {
        synchronized (world.lock()) {
            return slots.values().stream()
                    .map(Slot::observed)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /// What happened to a workload so far.
    public Optional<Counts> counts(WorkloadId id) {
        synchronized (world.lock()) {
            return Optional.ofNullable(slots.get(id)).map(slot -> slot.tally().counts());
        }
    }

    /// The last lines that a workload wrote, each with its time and `out` or `err`.
    public List<String> log(WorkloadId id) {
        synchronized (world.lock()) {
            return Optional.ofNullable(slots.get(id))
                    .map(slot -> slot.log().lines())
                    .orElse(List.of());
        }
    }

    /// Starts what was kept. A workload whose files are damaged is left out, so that the agent brings it again.
    private void resume() {
        synchronized (world.lock()) {
            for (Home home : Home.all(workloads)) {
                try {
                    resume(home);
                } catch (Fault fault) {
                    LOG.atWarn()
                            .addKeyValue("workload", home.id())
                            .addKeyValue("reason", fault.getMessage())
                            .log("kept workload could not be started");
                }
            }
        }
    }

    private void resume(Home home) {
        carrier.clear(home.run());
        if (home.removing()) {
            home.delete(home.current().map(order -> kept(home, order)).orElse(Set.of()));
            return;
        }
        Optional<Order> current = home.current().filter(order -> modules.has(order.module()));
        if (current.isEmpty()) {
            return;
        }
        Slot slot = slot(home);
        slot.resume(current.orElseThrow(), home.next().filter(order -> modules.has(order.module())));
        slots.put(home.id(), slot);
    }

    private Set<String> kept(Home home, Order order) {
        try {
            return order.plan(home.id(), surroundings.environment()).volumes().entrySet().stream()
                    .filter(volume -> volume.getValue().keep() && Files.exists(home.volume(volume.getKey())))
                    .map(volume -> volume.getKey())
                    .collect(Collectors.toSet());
        } catch (WorkloadException e) {
            throw new Fault(Fault.Kind.BROKEN, "what was kept can no longer be read", e);
        }
    }

    @Override
    public void close() {
        synchronized (world.lock()) {
            closed = true;
            slots.values().forEach(Slot::kill);
        }
        timers.shutdownNow();
        carrier.close();
    }

    private final class World implements Generation.World {
        private final Object lock = new Object();

        @Override
        public Instant now() {
            return surroundings.clock().instant();
        }

        @Override
        public void later(Duration pause, Runnable task) {
            try {
                var _ = timers.schedule(() -> guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException _) {
                // The runtime is being closed.
            }
        }

        private void guarded(Runnable task) {
            synchronized (lock) {
                try {
                    if (!closed) {
                        task.run();
                    }
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("step of a workload failed");
                }
            }
        }

        @Override
        public Object lock() {
            return lock;
        }

        @Override
        public Carrier carrier() {
            return carrier;
        }
    }
}
