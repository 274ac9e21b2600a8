// SPDX-License-Identifier: Apache-2.0
package dev.gantry.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script of an installation, run by a real shell in which only chosen programs are on `PATH`.
class ScriptTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    private static final String PROGRAM = """
            class Say {
                public static void main(String[] words) {
                    System.out.print(String.join(",", words) + " in " + System.getProperty("gantry.home")
                            + " with " + System.getProperty("two") + System.getProperty("extra"));
                    System.exit(7);
                }
            }
            """;

    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void makeAnInstallation() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("gantry/bin"));
        Path lib = Files.createDirectories(folder.resolve("gantry/lib"));
        for (String script : List.of("gantry", "java-home.sh")) {
            Files.copy(Path.of("src/main/dist/bin", script), bin.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path source = Files.writeString(folder.resolve("Say.java"), PROGRAM);
        String classes = lib.resolve("classes").toString();
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes, source.toString()));
        Files.writeString(lib.resolve("commands.tsv"), "# remark\nsay\tclasses\tSay\t-Done=1 -Dtwo=2\n");
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("bash", "env", "dirname", "readlink", "sed", "head")) {
            Path wrapper =
                    Files.writeString(tools.resolve(tool), "#!" + find("bash") + "\nexec " + find(tool) + " \"$@\"\n");
            assertTrue(wrapper.toFile().setExecutable(true));
        }
    }

    private static Path find(String tool) {
        Path found = List.of("/bin", "/usr/bin").stream()
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(found != null, () -> "no " + tool + " in /bin or /usr/bin");
        return Objects.requireNonNull(found);
    }

    private Ended run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return run(folder.resolve("gantry/bin/gantry"), environment, words);
    }

    private Ended run(Path script, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        var builder = new ProcessBuilder(script.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(words));
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("PATH", folder.resolve("tools").toString(), "GANTRY_JAVA_FOLDERS", "/nonexistent"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the script did not end");
        } finally {
            process.destroyForcibly();
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void withoutAJavaItSaysInOneLineWhatToInstall() throws Exception {
        Ended ended = run(Map.of(), "say");
        assertEquals(3, ended.code());
        assertEquals("", ended.out());
        assertEquals(1, ended.err().lines().count(), ended::err);
        assertTrue(ended.err().contains("install a JDK 25"), ended::err);
    }

    @Test
    void anOlderJavaIsPassedOver() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old/bin")).getParent();
        assertTrue(Files.createFile(old.resolve("bin/java")).toFile().setExecutable(true));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"24.0.2\"\n");
        assertEquals(3, run(Map.of("JAVA_HOME", old.toString()), "say").code());
    }

    @Test
    void theJavaOfJavaHomeGetsTheWordsAndItsExitCodeIsPassedOn() throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", JAVA_HOME.toString()), "say", "a b", "c");
        assertEquals(7, ended.code(), ended::err);
        assertEquals("a b,c in " + folder.toRealPath().resolve("gantry") + " with 2null", ended.out());
    }

    @Test
    void aJavaIsFoundOnThePathAndInFoldersThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("tools/java"), JAVA_HOME.resolve("bin/java"));
        assertEquals(7, run(Map.of(), "say", "a").code());
        Files.delete(link);
        Files.createSymbolicLink(Files.createDirectories(folder.resolve("jvm")).resolve("jdk"), JAVA_HOME);
        assertEquals(
                7,
                run(Map.of("GANTRY_JAVA_FOLDERS", folder.resolve("jvm").toString()), "say", "a")
                        .code());
    }

    @Test
    void theScriptWorksThroughALinkAndTakesMoreOptions() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("g"), folder.resolve("gantry/bin/gantry"));
        Ended ended = run(link, Map.of("JAVA_HOME", JAVA_HOME.toString(), "GANTRY_JAVA_OPTS", "-Dextra=1"), "say", "a");
        assertEquals(7, ended.code(), ended::err);
        assertTrue(ended.out().endsWith(" with 21"), ended::out);
    }

    @Test
    void aSubcommandWithoutARowIsRefused() throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", JAVA_HOME.toString()), "other");
        assertEquals(1, ended.code());
        assertTrue(ended.err().contains("has no row for 'other'"), ended::err);
    }
}
