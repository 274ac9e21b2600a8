// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class HostClassesTest {
    @TempDir
    Path folder;

    /// The class path of this test with every folder packed, as it is in an installation.
    private String jars() throws IOException {
        var parts = new ArrayList<String>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path place = Path.of(part);
            parts.add(Files.isDirectory(place) ? packed(place, parts.size()).toString() : part);
        }
        return String.join(File.pathSeparator, parts);
    }

    private Path packed(Path classes, int number) throws IOException {
        Path jar = folder.resolve(number + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private static List<String> command(String classPath) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-XX:+UseSerialGC", "-cp", classPath, WasmHost.class.getName());
    }

    @Test
    void theClassesOfJarsArePreparedOnceAndNothingElseIsLeft() throws IOException {
        String classPath = jars();
        Path kept = Files.createDirectory(folder.resolve("kept"));
        var classes = new HostClasses(kept, classPath);
        assertEquals(Optional.empty(), classes.option());
        classes.prepare(command(classPath));
        Path cache = Path.of(classes.option().orElseThrow().substring("-XX:AOTCache=".length()));
        assertTrue(Files.size(cache) > 1 << 20);
        try (Stream<Path> files = Files.list(kept)) {
            assertEquals(List.of(cache), files.toList());
        }
        var before = Files.getLastModifiedTime(cache);
        new HostClasses(kept, classPath).prepare(command(classPath));
        assertEquals(before, Files.getLastModifiedTime(cache));
    }

    @Test
    void foldersOfClassesAreNotPrepared() {
        var classes = new HostClasses(folder, folder.toString());
        classes.prepare(command(folder.toString()));
        assertEquals(Optional.empty(), classes.option());
    }
}
