// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Archive;
import dev.gantry.content.Fault;
import dev.gantry.content.Limits;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the standard asks of a Compose component's files (application description, section 10.4), before they are
/// packed.
@Requirement({"AD-088", "AD-090", "AD-091", "AD-092"})
final class ComposeLint {
    private static final List<String> OTHER_NAMES = List.of("compose.yml", "docker-compose.yaml", "docker-compose.yml");
    private static final Pattern LINE = Pattern.compile(" at line ([0-9]+)");

    private final Path folder;
    private final Path file;
    private final List<Remark> remarks = new ArrayList<>();
    private Yaml.Located located = new Yaml.Located(Tree.Obj.EMPTY, Map.of());

    private ComposeLint(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(ApplicationFolder.COMPOSE);
    }

    static List<Remark> check(Path folder) {
        var lint = new ComposeLint(folder);
        if (Files.isDirectory(folder)) {
            lint.files();
            lint.compose();
        } else {
            lint.remarks.add(Remark.error(folder, 1, "AD-088", "is not a folder with a " + ApplicationFolder.COMPOSE));
        }
        return lint.remarks;
    }

    private void files() {
        for (String name : OTHER_NAMES) {
            if (Files.exists(folder.resolve(name))) {
                remarks.add(Remark.error(
                        folder.resolve(name), 1, "AD-088", "must be named exactly " + ApplicationFolder.COMPOSE));
            }
        }
        try (var all = Files.walk(folder)) {
            long total = 0;
            for (Path path : all.sorted().toList()) {
                if (Files.isSymbolicLink(path)) {
                    remarks.add(Remark.error(path, 1, "AD-092", "is a link; pack the file itself"));
                } else if (Files.isRegularFile(path)) {
                    total += Files.size(path);
                    if (Files.size(path) > Archive.Size.DEFAULT.entryBytes()) {
                        remarks.add(Remark.error(
                                path, 1, "AD-088", "has more than " + Archive.Size.DEFAULT.entryBytes() + " bytes"));
                    }
                }
            }
            if (total > Archive.Size.DEFAULT.totalBytes()) {
                remarks.add(Remark.error(
                        folder, 1, "AD-088", "holds more than " + Archive.Size.DEFAULT.totalBytes() + " bytes"));
            }
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private void compose() {
        try {
            located = Yaml.locate(ApplicationFolder.read(file), Limits.DOCUMENT);
        } catch (Fault fault) {
            Matcher line = LINE.matcher(fault.getMessage());
            remarks.add(Remark.error(
                    file, line.find() ? Integer.parseInt(line.group(1)) : 1, "AD-088", fault.getMessage()));
            return;
        }
        Map<String, Tree> services = members(located.tree(), "services");
        if (services.isEmpty()) {
            error("services", "AD-088", "there are no services");
        }
        services.forEach((name, service) -> {
            String at = "services." + name;
            envFiles(at, service);
            volumes(at, service);
            if (member(service, "build").isPresent()) {
                error(at + ".build", "AD-084", "a device cannot build images; name an image instead");
            }
            if (member(service, "image").isEmpty()) {
                error(at, "AD-084", "has no image");
            }
        });
        members(located.tree(), "configs")
                .forEach((name, config) ->
                        text(config, "file").ifPresent(path -> inside("configs." + name + ".file", path)));
        members(located.tree(), "secrets")
                .forEach((name, secret) -> text(secret, "file")
                        .filter(path -> Files.exists(folder.resolve(path)))
                        .ifPresent(_ -> error(
                                "secrets." + name + ".file",
                                "AD-091",
                                "a secret must not be packed; remove the file")));
    }

    private void envFiles(String at, Tree service) {
        Optional<Tree> found = member(service, "env_file");
        List<Tree> entries =
                found.isEmpty() ? List.of() : found.get() instanceof Tree.Arr(var items) ? items : List.of(found.get());
        for (Tree entry : entries) {
            Optional<String> path = entry instanceof Tree.Str(var plain) ? Optional.of(plain) : text(entry, "path");
            path.ifPresent(name -> inside(at + ".env_file", name));
        }
    }

    /// Sources of bind mounts are paths of the device; none may be packed.
    private void volumes(String at, Tree service) {
        List<Tree> volumes =
                member(service, "volumes").orElse(Tree.Obj.EMPTY) instanceof Tree.Arr(var items) ? items : List.of();
        for (int i = 0; i < volumes.size(); i++) {
            Optional<String> source = volumes.get(i) instanceof Tree.Str(var plain)
                    ? Optional.of(plain.split(":", 2)[0])
                    : text(volumes.get(i), "source");
            String field = at + ".volumes[" + i + "]";
            source.filter(path -> path.startsWith("."))
                    .filter(path -> Files.exists(folder.resolve(path)))
                    .ifPresent(path ->
                            error(field, "AD-091", Text.quoted(path) + " is a bind mount and must not be packed"));
            source.filter(path -> path.startsWith("../"))
                    .ifPresent(path -> error(field, "AD-092", Text.quoted(path) + " leaves the component"));
        }
    }

    private void inside(String field, String path) {
        Path target = folder.resolve(path).normalize();
        if (path.startsWith("/")
                || List.of(path.split("/", -1)).contains("..")
                || !target.startsWith(folder.normalize())) {
            error(field, "AD-092", Text.quoted(path) + " must be a relative path that stays inside of the component");
        } else if (!Files.isRegularFile(target)) {
            error(field, "AD-090", Text.quoted(path) + " is not there, but must be packed");
        }
    }

    private void error(String field, String rule, String message) {
        remarks.add(Remark.error(file, located.line(field), rule, field + " " + message));
    }

    private static Map<String, Tree> members(Tree tree, String name) {
        return member(tree, name).orElse(Tree.Obj.EMPTY) instanceof Tree.Obj(var members) ? members : Map.of();
    }

    private static Optional<Tree> member(Tree tree, String name) {
        return tree instanceof Tree.Obj object ? object.get(name) : Optional.empty();
    }

    private static Optional<String> text(Tree tree, String name) {
        return member(tree, name)
                .flatMap(value -> value instanceof Tree.Str(var text) ? Optional.of(text) : Optional.empty());
    }
}
