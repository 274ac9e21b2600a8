// SPDX-License-Identifier: Apache-2.0
package dev.gantry.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts the `main` of one module on that module's own class path, where no shell is at hand:
/// `java -jar lib/gantry-launcher-<version>.jar agent --config agent.yaml`. The script `bin/gantry` reads the same
/// table and starts Java directly, with the options of the row; prefer it where it runs.
///
/// Exit code 1 when the installation is damaged; every other code comes from the program that was started.
public final class Launcher {
    private Launcher() {}

    /// @param words a subcommand and its arguments
    public static void main(String[] words) throws Throwable {
        try {
            Path jar = Path.of(Launcher.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
            start(jar.resolveSibling(""), List.of(words));
        } catch (DamagedInstallation e) {
            System.err.println("gantry: " + e.getMessage() + "; install it again");
            System.exit(1);
        }
    }

    /// Starts what the table in `lib` names for these words, in this process.
    static void start(Path lib, List<String> words) throws Throwable {
        Command command = find(lib, words.isEmpty() ? "" : words.getFirst());
        var loader = new URLClassLoader(
                "gantry-" + command.name(), urls(lib, command), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        System.setProperty("gantry.home", String.valueOf(lib.getParent()));
        try {
            Class<?> main = Class.forName(command.main(), true, loader);
            String[] arguments = command.arguments(words).toArray(String[]::new);
            main.getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw new DamagedInstallation(command.main() + " cannot be started from " + lib, e);
        }
    }

    private static Command find(Path lib, String subcommand) throws DamagedInstallation {
        Path table = lib.resolve("commands.tsv");
        try {
            return Command.named(subcommand, Command.table(Files.readAllLines(table)))
                    .orElseThrow(() -> new DamagedInstallation(table + " has no row for '" + subcommand + "'", null));
        } catch (IOException | IllegalArgumentException e) {
            throw new DamagedInstallation(table + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static URL[] urls(Path lib, Command command) throws IOException, DamagedInstallation {
        var urls = new ArrayList<URL>();
        for (String jar : command.jars()) {
            Path file = lib.resolve(jar);
            if (!Files.isRegularFile(file)) {
                throw new DamagedInstallation(file + " is missing", null);
            }
            urls.add(file.toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
