// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Revision;
import dev.gantry.spec.application.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sources of an application:
///
/// ```
/// margo.yaml                     the application description
/// resources/                     icon, long description, licence, release notes
/// components/<name>/             a Compose component: compose.yaml and the files it refers to
/// components/<name>.wasm         a WebAssembly component, or
/// target/<name>-<revision>.wasm  the same where a build leaves it
/// ```
///
/// Components whose `repository` begins with `oci://REGISTRY/` are made from these sources; others lie elsewhere
/// already.
///
/// @param folder where `margo.yaml` stands
/// @param built sources of components that lie somewhere else, a build's output for example
public record ApplicationFolder(Path folder, Map<ComponentName, Path> built) {
    /// What stands for the registry in sources, and is filled by [Pack].
    public static final String PLACEHOLDER = "REGISTRY";

    static final String DESCRIPTION = "margo.yaml";
    static final String OURS = "oci://" + PLACEHOLDER + "/";
    static final String COMPOSE = "compose.yaml";
    static final String WASM = ".wasm";
    private static final long FILE_BYTES = 64L << 20;

    public ApplicationFolder {
        built = Map.copyOf(built);
    }

    /// A folder with everything inside. The description itself may be named as well.
    public static ApplicationFolder of(Path place) {
        boolean description = place.endsWith(DESCRIPTION) && !Files.isDirectory(place);
        Path parent = place.toAbsolutePath().getParent();
        return new ApplicationFolder(description && parent != null ? parent : place, Map.of());
    }

    /// The same, with components that were built somewhere else.
    public ApplicationFolder with(Map<ComponentName, Path> elsewhere) {
        return new ApplicationFolder(folder, elsewhere);
    }

    Path description() {
        return folder.resolve(DESCRIPTION);
    }

    /// Whether a component is made from sources here.
    static boolean isOurs(Repository repository) {
        return repository.value().startsWith(OURS);
    }

    /// Where the sources of a component are, if they are there.
    Optional<Path> sources(Component component) {
        return places(component.name(), component.revision()).stream()
                .filter(Files::exists)
                .findFirst();
    }

    /// Where the sources of a component may be, in the order in which they are looked for.
    List<Path> places(ComponentName name, Revision revision) {
        Path elsewhere = built.get(name);
        return elsewhere != null
                ? List.of(elsewhere)
                : List.of(
                        folder.resolve("components").resolve(name.value()),
                        folder.resolve("components").resolve(name + WASM),
                        folder.resolve("target").resolve(name + "-" + revision + WASM));
    }

    /// The bytes of a source file; `MISSING` when it is not there, `INVALID` when it is too large.
    static Blob read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new Fault(Fault.Kind.MISSING, "there is no file " + file);
            }
            if (Files.size(file) > FILE_BYTES) {
                throw Fault.invalid(file + " has more than " + FILE_BYTES + " bytes");
            }
            return Blob.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
