// SPDX-License-Identifier: Apache-2.0
package dev.gantry.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private static final String PROGRAM = """
            package planted;

            public final class Program {
                public static void main(String[] words) throws Exception {
                    if (words[0].equals("fail")) {
                        throw new java.io.IOException("as asked");
                    }
                    var out = java.nio.file.Path.of(words[0]);
                    java.nio.file.Files.writeString(out, String.join(" ", words) + Helper.GREETING);
                }
            }
            """;

    @TempDir
    Path folder;

    private @Nullable ClassLoader loaderBefore;

    @BeforeEach
    void makeAnInstallation() throws IOException {
        loaderBefore = Thread.currentThread().getContextClassLoader();
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Path source = Files.writeString(folder.resolve("Program.java"), PROGRAM);
        Path helper = Files.writeString(
                folder.resolve("Helper.java"),
                "package planted; final class Helper { static final String GREETING = new String(\" hello\"); }");
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, "-d", folder.toString(), source.toString(), helper.toString()));
        jar(lib.resolve("program.jar"), "Program.class", "helper.jar");
        jar(lib.resolve("helper.jar"), "Helper.class", "");
        Files.writeString(
                lib.resolve("commands.tsv"),
                "run\tprogram.jar\tplanted.Program\t\nlost\tlost.jar\tplanted.Program\t\nwrong\tprogram.jar\tplanted.None\t\n");
    }

    @AfterEach
    void restoreTheLoader() {
        Thread.currentThread().setContextClassLoader(loaderBefore);
    }

    private void jar(Path file, String entry, String classPath) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (OutputStream out = Files.newOutputStream(file);
                var jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("planted/" + entry));
            Files.copy(folder.resolve("planted").resolve(entry), jar);
        }
    }

    @Test
    void aSubcommandRunsOnTheClassPathThatItsManifestNames() throws Throwable {
        Path out = folder.resolve("out");
        Launcher.start(folder.resolve("lib"), List.of("run", out.toString(), "b"));
        assertEquals(out + " b hello", Files.readString(out));
    }

    @Test
    void theProgramSeesNothingOfTheLauncher() throws Throwable {
        Launcher.start(
                folder.resolve("lib"), List.of("run", folder.resolve("out").toString()));
        ClassLoader used = Thread.currentThread().getContextClassLoader();
        assertThrows(ClassNotFoundException.class, () -> used.loadClass(Launcher.class.getName()));
        assertNull(used.getResource("org/junit/jupiter/api/Test.class"));
    }

    @Test
    void whatTheProgramThrowsArrivesUnwrapped() {
        var thrown =
                assertThrows(IOException.class, () -> Launcher.start(folder.resolve("lib"), List.of("run", "fail")));
        assertEquals("as asked", thrown.getMessage());
    }

    @Test
    void aDamagedInstallationIsNamed() throws IOException {
        Path lib = folder.resolve("lib");
        assertSays("lost.jar is missing", lib, "lost");
        assertSays("planted.None cannot be started", lib, "wrong");
        assertSays("no row for 'other'", lib, "other");
        Files.write(lib.resolve("commands.tsv"), "one column".getBytes(StandardCharsets.UTF_8));
        assertSays("cannot be read", lib, "run");
        assertSays("cannot be read", Path.of(URI.create(folder.toUri() + "elsewhere")), "run");
    }

    private static void assertSays(String expected, Path lib, String word) {
        var thrown = assertThrows(DamagedInstallation.class, () -> Launcher.start(lib, List.of(word)));
        assertTrue(String.valueOf(thrown.getMessage()).contains(expected), thrown::toString);
    }
}
