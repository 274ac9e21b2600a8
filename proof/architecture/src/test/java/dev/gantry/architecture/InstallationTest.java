// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the launcher laid out, as a user gets it.
@Tag("slow")
class InstallationTest {
    private static final Path LIB = ArchitectureTest.ROOT.resolve("launcher/target/gantry/lib");

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(LIB)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static List<String> classPath(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            String entries = file.getManifest() == null
                    ? null
                    : file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return entries == null || entries.isBlank()
                    ? List.of()
                    : List.of(entries.strip().split(" +", -1));
        }
    }

    @Test
    void everyJarThatAJarOfOursNamesIsThere() throws IOException {
        var missing = new ArrayList<String>();
        int named = 0;
        for (Path jar : jars()) {
            if (jar.getFileName().toString().startsWith("gantry-")) {
                for (String entry : classPath(jar)) {
                    named++;
                    if (!Files.isRegularFile(LIB.resolve(entry))) {
                        missing.add(jar.getFileName() + " needs " + entry);
                    }
                }
            }
        }
        assertTrue(named > 0);
        assertEquals(List.of(), missing);
    }

    @Test
    void everyJarOfTheTableOfCommandsIsThereAndHasItsMainClass() throws IOException {
        var wrong = new ArrayList<String>();
        for (String line : Files.readAllLines(LIB.resolve("commands.tsv"))) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t", -1);
                List<String> jars = List.of(columns[1].split(" ", -1));
                jars.stream()
                        .filter(jar -> !Files.isRegularFile(LIB.resolve(jar)))
                        .forEach(jar -> wrong.add(columns[0] + " needs " + jar));
                try (var first = new JarFile(LIB.resolve(jars.getFirst()).toFile())) {
                    if (first.getEntry(columns[2].replace('.', '/') + ".class") == null) {
                        wrong.add(columns[0] + " starts " + columns[2] + ", which is not in " + jars.getFirst());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theAgentCarriesNothingOfTheServer() throws IOException {
        Set<String> reached = new TreeSet<>();
        for (Path jar : jars()) {
            String name = jar.getFileName().toString();
            if (name.startsWith("gantry-agent-daemon") || name.startsWith("gantry-runtime-")) {
                reached.addAll(classPath(jar));
            }
        }
        assertTrue(reached.stream().anyMatch(jar -> jar.startsWith("gantry-agent-core")), reached::toString);
        List<String> server = reached.stream()
                .filter(jar -> Stream.of(
                                "gantry-wfm", "gantry-mis", "gantry-registry", "gantry-sql", "sqlite", "gantry-cli")
                        .anyMatch(jar::startsWith))
                .toList();
        assertEquals(List.of(), server);
    }
}
