// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One Compose application: its files in a folder of its own, and the calls that bring it up and down.
final class Project {
    private static final String ORDER = "order.json";
    private static final String FILES = "files";
    private static final String OVERRIDE = "gantry.yaml";
    private static final Duration QUICK = Duration.ofSeconds(30);
    private static final Duration DOWN = Duration.ofMinutes(2);

    private final Path folder;
    private final Tool tool;

    private Project(Path folder, Tool tool) {
        this.folder = folder;
        this.tool = tool;
    }

    static Project of(Path projects, WorkloadId id, Tool tool) {
        return new Project(projects.resolve(name(id)), tool);
    }

    /// The project's name: what people see in their engine, and different for different workloads.
    static String name(WorkloadId id) {
        String spelt = id.deployment().value();
        String lower = spelt.toLowerCase(Locale.ROOT);
        String mark =
                lower.equals(spelt) ? "" : "-" + Blob.utf8(spelt).digest().hex().substring(0, 8);
        return "gantry-" + lower + mark + "-" + id.component();
    }

    static List<Project> all(Path projects, Tool tool) {
        try (Stream<Path> folders = Files.list(projects)) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(folder -> new Project(folder, tool))
                    .toList();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot list " + projects, e);
        }
    }

    String name() {
        return folder.getFileName().toString();
    }

    /// What was asked for last; none when the folder holds nothing whole.
    Optional<Order> order() {
        try {
            return Optional.of(Order.of(Json.read(Blob.of(Files.readAllBytes(folder.resolve(ORDER))))));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + folder.resolve(ORDER), e);
        }
    }

    /// Lays the files of a revision down: first all of them beside the old ones, then in their place. Modes are ours,
    /// so that no file is more than readable (AD-094, AD-095).
    @Requirement({"AD-094", "AD-095"})
    void lay(Order order, Map<String, Blob> files) {
        Path fresh = folder.resolve("new");
        Path place = folder.resolve(FILES);
        try {
            Disk.createFolder(folder);
            delete(fresh);
            for (var file : files.entrySet()) {
                Path target = fresh.resolve(file.getKey()).normalize();
                if (!target.startsWith(fresh)) {
                    throw Fault.invalid("a file leaves the archive");
                }
                Disk.createFolder(target.resolveSibling("."));
                Disk.replace(target, file.getValue());
            }
            delete(place);
            Files.move(fresh, place);
            Disk.replaceSecret(folder.resolve(ORDER), Json.canonical(order.toTree()));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    /// Pulls what is missing, then starts what changed and waits until all run.
    ///
    /// @param defaults variables for every service that does not set them itself
    @Requirement({"AD-098", "AD-099", "OB-023"})
    void up(Order order, Map<String, String> defaults, Duration within) throws WorkloadException {
        Tree resolved = json(call(order, List.of("config", "--format", "json"), QUICK, "COMPOSE_FILE_INVALID"));
        Disk.replace(folder.resolve(OVERRIDE), Yaml.write(override(order, resolved, defaults)));
        call(
                order,
                List.of("pull", "--quiet", "--policy", "missing", "--ignore-buildable"),
                within,
                ComposePackage.PULL_FAILED);
        call(
                order,
                List.of(
                        "up",
                        "--detach",
                        "--no-build",
                        "--remove-orphans",
                        "--wait",
                        "--wait-timeout",
                        Long.toString(within.toSeconds())),
                within.plus(QUICK),
                "COMPOSE_UP_FAILED");
    }

    /// What we add to every service: who it belongs to, the device's variables that it does not set itself, and that it
    /// starts again after a reboot without us where it says nothing about that.
    private static Tree override(Order order, Tree resolved, Map<String, String> defaults) {
        Tree.Obj all = object(resolved, "services");
        Set<String> once = new HashSet<>();
        all.members()
                .values()
                .forEach(service -> object(service, "depends_on").members().forEach((name, how) -> {
                    if (how instanceof Tree.Obj condition
                            && condition
                                    .get("condition")
                                    .equals(Optional.of(Tree.of("service_completed_successfully")))) {
                        once.add(name);
                    }
                }));
        var services = new LinkedHashMap<String, Tree>();
        all.members().forEach((name, service) -> {
            Tree.Obj known = (Tree.Obj) service;
            var environment = new LinkedHashMap<String, Tree>();
            Tree.Obj own = object(service, "environment");
            defaults.forEach((variable, value) -> {
                if (own.get(variable).isEmpty()) {
                    environment.put(variable, Tree.of(value.replace("$", "$$")));
                }
            });
            boolean ends = once.contains(name) || known.get("restart").equals(Optional.of(Tree.of("no")));
            var labels =
                    Tree.members().put(ProjectState.REVISION, order.revision().value());
            if (ends) {
                labels.put(ProjectState.ONCE, "true");
            }
            var more = Tree.members().put("labels", labels.build());
            if (!environment.isEmpty()) {
                more.put("environment", Tree.of(environment));
            }
            if (!ends && known.get("restart").isEmpty()) {
                more.put("restart", "unless-stopped");
            }
            services.put(name, more.build());
        });
        return Tree.members().put("services", Tree.of(services)).build();
    }

    private static Tree.Obj object(Tree tree, String name) {
        return tree instanceof Tree.Obj outer && outer.get(name).orElse(Tree.Obj.EMPTY) instanceof Tree.Obj inner
                ? inner
                : Tree.Obj.EMPTY;
    }

    private static Tree json(String text) throws WorkloadException {
        try {
            return Json.read(Blob.utf8(text));
        } catch (Fault fault) {
            throw new WorkloadException("COMPOSE_FILE_INVALID", "the engine's answer cannot be read", true, fault);
        }
    }

    private String call(Order order, List<String> words, Duration within, String code) throws WorkloadException {
        var full = new ArrayList<>(List.of(
                "--project-name",
                name(),
                "--project-directory",
                folder.resolve(FILES).toString()));
        full.addAll(List.of(
                "--file", folder.resolve(FILES).resolve(ComposePackage.FILE).toString()));
        if (!words.getFirst().equals("config")) {
            full.addAll(List.of("--file", folder.resolve(OVERRIDE).toString()));
        }
        full.addAll(words);
        try {
            Tool.Result result = tool.run(full, order.variables(), folder, within);
            if (!result.well()) {
                throw new WorkloadException(code, hidden(order, result.reason()), true, null);
            }
            return result.output();
        } catch (IOException e) {
            throw new WorkloadException(code, tool + " could not be run: " + e.getMessage(), true, e);
        }
    }

    /// Values of parameters may be secrets, and tools repeat what they were given.
    private static String hidden(Order order, String text) {
        String result = text;
        for (String value : order.variables().values()) {
            result = value.length() > 3 ? result.replace(value, "[hidden]") : result;
        }
        return result;
    }

    /// The containers that are there, whoever started them.
    List<ProjectState.Container> containers() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            Tool.Result result = tool.run(
                    List.of("--project-name", name(), "ps", "--all", "--format", "json"), Map.of(), folder, QUICK);
            if (!result.well()) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "the engine does not tell what runs: " + result.reason());
            }
            return ProjectState.read(result.output());
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, tool + " could not be run: " + e.getMessage(), e);
        }
    }

    /// Stops and removes everything of it; volumes too, unless they are to be kept.
    void down() throws WorkloadException {
        boolean keep = order().map(Order::keepVolumes).orElse(false);
        var words = new ArrayList<>(List.of("--project-name", name(), "down", "--remove-orphans"));
        if (!keep) {
            words.add("--volumes");
        }
        try {
            Tool.Result result = tool.run(words, Map.of(), folder, DOWN);
            if (!result.well()) {
                throw new WorkloadException("COMPOSE_DOWN_FAILED", result.reason(), true, null);
            }
            delete(folder);
        } catch (IOException e) {
            throw new WorkloadException("COMPOSE_DOWN_FAILED", String.valueOf(e.getMessage()), true, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("cannot remove " + folder, e);
        }
    }
}
