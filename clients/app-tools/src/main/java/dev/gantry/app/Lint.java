// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Limits;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.spec.application.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names everything that is wrong with an application folder, with file and line, and what should be better.
@Requirement({"AD-006", "AD-078", "AD-084", "AD-088", "AD-090", "AD-091", "AD-092"})
public final class Lint {
    private static final Pattern LINE = Pattern.compile(" at line ([0-9]+)");

    private final ApplicationFolder sources;
    private final List<Remark> remarks = new ArrayList<>();
    private Optional<ApplicationDescription> description = Optional.empty();

    private Lint(ApplicationFolder sources) {
        this.sources = sources;
    }

    /// What lint found.
    ///
    /// @param description present when it could be read, whatever else is wrong
    public record Report(List<Remark> remarks, Optional<ApplicationDescription> description) {
        public Report {
            remarks = List.copyOf(remarks);
        }

        /// Whether a package can be made.
        public boolean isClean() {
            return remarks.stream().noneMatch(Remark::isError);
        }
    }

    /// Checks a folder; the first remarks are those on the description.
    public static Report check(ApplicationFolder sources) {
        var lint = new Lint(sources);
        lint.description();
        lint.otherDescriptions();
        return new Report(lint.remarks, lint.description);
    }

    private void description() {
        Path file = sources.description();
        Yaml.Located located;
        Blob bytes;
        try {
            bytes = ApplicationFolder.read(file);
            located = Yaml.locate(bytes, Limits.DOCUMENT);
        } catch (Fault fault) {
            Matcher line = LINE.matcher(fault.getMessage());
            error(file, line.find() ? Integer.parseInt(line.group(1)) : 1, "AD-006", fault.getMessage());
            return;
        }
        try {
            ApplicationDescription read = ApplicationDescription.read(located.tree());
            description = Optional.of(read);
            read.advice().forEach(advice -> remarks.add(remark(Remark.Severity.ADVICE, file, located, advice)));
            resources(read, file, located);
            components(read, file, located);
        } catch (Fault fault) {
            fault.findings().forEach(found -> remarks.add(remark(Remark.Severity.ERROR, file, located, found)));
            if (fault.findings().isEmpty()) {
                error(file, 1, "AD-006", fault.getMessage());
            }
        }
    }

    private static Remark remark(Remark.Severity severity, Path file, Yaml.Located located, Finding finding) {
        String where = finding.field().isEmpty() ? "" : finding.field() + " ";
        return new Remark(severity, file, located.line(finding.field()), finding.rule(), where + finding.message());
    }

    private void error(Path file, int line, String rule, String message) {
        remarks.add(Remark.error(file, line, rule, message));
    }

    /// The package's root holds one description.
    private void otherDescriptions() {
        if (!Files.isDirectory(sources.folder())) {
            return;
        }
        try (var files = Files.list(sources.folder())) {
            files.filter(file -> !file.equals(sources.description()))
                    .filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .filter(Lint::isDescription)
                    .forEach(file -> error(
                            file,
                            1,
                            "AD-006",
                            "is a second application description; keep only " + ApplicationFolder.DESCRIPTION));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + sources.folder() + ": " + e.getMessage(), e);
        }
    }

    private static boolean isDescription(Path file) {
        try {
            return Yaml.read(ApplicationFolder.read(file)) instanceof Tree.Obj root
                    && root.get("deploymentProfiles").isPresent();
        } catch (Fault _) {
            return false;
        }
    }

    private void resources(ApplicationDescription read, Path file, Yaml.Located located) {
        for (Resource resource : Resource.of(read.metadata().catalog().application())) {
            int line = located.line(resource.field());
            if (!resource.isInside()) {
                error(file, line, "AD-078", resource.kind() + " must be a path inside of the package");
            } else if (!Files.isRegularFile(sources.folder().resolve(resource.path()))) {
                error(file, line, "AD-078", resource.kind() + " names " + resource.path() + ", which is not there");
            } else if (resource.mediaType().isEmpty()) {
                error(file, line, "AD-078", resource.kind() + " has an ending for which there is no media type");
            }
        }
    }

    private void components(ApplicationDescription read, Path file, Yaml.Located located) {
        for (int p = 0; p < read.deploymentProfiles().size(); p++) {
            var profile = read.deploymentProfiles().get(p);
            for (int c = 0; c < profile.components().size(); c++) {
                Component component = profile.components().get(c);
                if (ApplicationFolder.isOurs(component.repository())) {
                    int line =
                            located.line("deploymentProfiles[" + p + "].components[" + c + "].properties.repository");
                    component(profile.type(), component, file, line);
                }
            }
        }
    }

    private void component(String type, Component component, Path file, int line) {
        Optional<Path> found = sources.sources(component);
        if (found.isEmpty()) {
            error(
                    file,
                    line,
                    "AD-084",
                    "the sources of " + component.name() + " are at none of "
                            + sources.places(component.name(), component.revision()));
        } else if (type.equals("compose")) {
            remarks.addAll(ComposeLint.check(found.get()));
        } else if (Files.isRegularFile(found.get())) {
            WasmModule.complaint(ApplicationFolder.read(found.get()))
                    .ifPresent(message -> error(found.get(), 1, "AD-069", message));
        } else {
            error(file, line, "AD-070", "a component of the type " + type + " cannot be packed from " + found.get());
        }
    }
}
