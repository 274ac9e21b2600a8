// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The folder of one workload: what runs, what is being tried, what failed, its volumes, its log and the locks of its
/// processes. Every file appears whole or not at all.
record Home(WorkloadId id, Path folder) {
    /// A revision that was tried and failed while the one before it goes on.
    record Failure(Digest revision, String code, String message) {}

    private static final String CURRENT = "current.json";
    private static final String NEXT = "next.json";
    private static final String FAILED = "failed.json";
    private static final String COMPLETED = "completed";
    private static final String REMOVING = "removing";
    private static final String VOLUMES = "volumes";
    private static final int SHORT = 16;

    static Home of(Path workloads, WorkloadId id) {
        return new Home(
                id,
                workloads
                        .resolve(id.deployment().value())
                        .resolve(id.component().value()));
    }

    /// Every workload that has a folder, in order.
    static List<Home> all(Path workloads) {
        var homes = new ArrayList<Home>();
        for (Path deployment : children(workloads)) {
            for (Path component : children(deployment)) {
                homes.add(new Home(
                        new WorkloadId(
                                new DeploymentId(deployment.getFileName().toString()),
                                new ComponentName(component.getFileName().toString())),
                        component));
            }
        }
        homes.sort(Comparator.comparing(Home::id));
        return homes;
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    void create() {
        Disk.createFolder(folder);
        Disk.createFolder(run());
        Disk.createFolder(folder.resolve("log"));
    }

    Path log() {
        return folder.resolve("log");
    }

    /// Where the locks of its processes lie.
    Path run() {
        return folder.resolve("run");
    }

    Path lock(Digest revision) {
        return run().resolve(revision.hex().substring(0, SHORT) + ".lock");
    }

    Path volume(String name) {
        return folder.resolve(VOLUMES).resolve(name);
    }

    Optional<Order> current() {
        return read(CURRENT).map(Order::of);
    }

    Optional<Order> next() {
        return read(NEXT).map(Order::of);
    }

    Optional<Failure> failed() {
        return read(FAILED)
                .map(tree -> dev.gantry.content.Fields.read("a kept failure", tree, fields -> {
                    var revision = fields.need("revision", "", Digest::new);
                    var code = fields.needText("code", "");
                    var message = fields.needText("message", "");
                    return () -> new Failure(revision.orElseThrow(), code.orElseThrow(), message.orElseThrow());
                }));
    }

    /// Parameters may hold secrets, so only the agent's user may read this.
    void keepCurrent(Order order) {
        Disk.replaceSecret(folder.resolve(CURRENT), Json.canonical(order.toTree()));
        drop(NEXT);
    }

    void keepNext(Order order) {
        Disk.replaceSecret(folder.resolve(NEXT), Json.canonical(order.toTree()));
        drop(FAILED);
    }

    void keepFailed(Failure failure) {
        Disk.replace(
                folder.resolve(FAILED),
                Json.canonical(Tree.members()
                        .put("revision", failure.revision.value())
                        .put("code", failure.code)
                        .put("message", failure.message)
                        .build()));
        drop(NEXT);
    }

    void forgetFailed() {
        drop(FAILED);
    }

    /// A module that ends by itself is not started again only because the device was.
    void keepCompleted(Digest revision) {
        Disk.replace(folder.resolve(COMPLETED), Blob.utf8(revision.value()));
    }

    boolean completed(Digest revision) {
        try {
            return Files.readString(folder.resolve(COMPLETED)).equals(revision.value());
        } catch (IOException _) {
            return false;
        }
    }

    void keepRemoving() {
        Disk.replace(folder.resolve(REMOVING), Blob.EMPTY);
    }

    boolean removing() {
        return Files.exists(folder.resolve(REMOVING));
    }

    /// Removes everything but the volumes that are to be kept.
    void delete(Set<String> kept) {
        try {
            if (kept.isEmpty()) {
                deleteAll(folder);
                Files.deleteIfExists(folder);
                try (Stream<Path> rest = Files.list(folder.getParent())) {
                    if (rest.findAny().isEmpty()) {
                        Files.delete(folder.getParent());
                    }
                }
                return;
            }
            for (Path volume : children(folder.resolve(VOLUMES))) {
                if (!kept.contains(volume.getFileName().toString())) {
                    deleteAll(volume);
                    Files.deleteIfExists(volume);
                }
            }
            for (String name : List.of("run", "log")) {
                deleteAll(folder.resolve(name));
                Files.deleteIfExists(folder.resolve(name));
            }
            for (String name : List.of(CURRENT, NEXT, FAILED, COMPLETED, REMOVING)) {
                drop(name);
            }
        } catch (NoSuchFileException _) {
            // Gone already.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Optional<Tree> read(String name) {
        try {
            return Optional.of(Json.read(Blob.of(Files.readAllBytes(folder.resolve(name)))));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + folder.resolve(name), e);
        }
    }

    private void drop(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot remove " + folder.resolve(name), e);
        }
    }
}
