// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.oci.ApplicationPackage;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/// Copies the files of a package from a registry into a folder, whole or not at all.
@Requirement({"AD-081", "AD-096"})
public final class Pull {
    private Pull() {}

    /// Pulls into a folder that does not exist yet.
    public static ApplicationPackage into(Path output, RegistryClient registry, Reference reference) {
        if (Files.exists(output)) {
            throw new Fault(Fault.Kind.CONFLICT, output + " exists already; remove it or name another folder");
        }
        ApplicationPackage found = ApplicationPackage.fetch(registry, reference);
        try {
            Path work = Files.createTempDirectory(output.toAbsolutePath().getParent(), ".pulling-");
            try {
                for (Map.Entry<String, Descriptor> file : found.files().entrySet()) {
                    Path target = work.resolve(file.getKey());
                    Disk.createFolder(Objects.requireNonNull(target.getParent(), "a file has a folder"));
                    Blob content = registry.blob(reference, file.getValue());
                    Disk.replace(target, content);
                }
                Files.move(work, output, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(work);
            }
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot write " + output + ": " + e.getMessage(), e);
        }
        return found;
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
