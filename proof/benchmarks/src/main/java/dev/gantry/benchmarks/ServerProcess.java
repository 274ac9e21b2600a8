// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A server in a process of its own, so that its CPU time and memory are its own. It ends with [#close], or with this
/// process.
final class ServerProcess implements AutoCloseable {
    private static final Duration ENDING = Duration.ofSeconds(20);
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;

    private final String name;
    private final Process process;
    private final int port;
    private final long started;

    private ServerProcess(String name, Process process, int port, long started) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.started = started;
    }

    /// Starts the main class of this module with the Java options that the installation has for the WFM; returns when
    /// it
    /// listens.
    static ServerProcess start(String name, Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        long started = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new ServerProcess(name, process, port(name, process.inputReader()), started);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int port(String name, BufferedReader said) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(Served.ANNOUNCED)) {
                return Integer.parseInt(line.substring(Served.ANNOUNCED.length()));
            }
        }
        throw new IOException("the process of the " + name + " ended before it listened; standard error says why");
    }

    /// The last column of the row `server` of the installation's commands, where there is an installation.
    private static List<String> javaOptions() throws IOException {
        Path commands = Path.of(System.getProperty("gantry.home", ""), "lib", "commands.tsv");
        if (!Files.exists(commands)) {
            return List.of("--enable-native-access=ALL-UNNAMED");
        }
        try (Stream<String> rows = Files.lines(commands)) {
            return rows.map(row -> row.split("\t", -1))
                    .filter(row -> row[0].equals("server") && row.length > 3)
                    .flatMap(row -> Arrays.stream(row[3].split(" ")))
                    .filter(option -> !option.isBlank())
                    .toList();
        }
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /// Since the process was asked for.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /// User and system time of all its threads so far; the kernel counts in steps of 10 ms.
    Duration cpu() throws IOException {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IOException("the CPU time of the " + name + " cannot be read"));
    }

    /// Bytes of memory in use, where the system tells it as Linux does.
    OptionalLong resident() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
