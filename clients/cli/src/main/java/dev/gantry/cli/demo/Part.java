// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli.demo;

import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One process of the system, started with the same command that people use.
final class Part implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int LAST_LINES = 12;

    private final String name;
    private final Process process;
    private final Path log;

    private Part(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// Starts `gantry <subcommand> …`; its output goes to a file of its own.
    static Part start(Path gantry, String name, Path logs, List<String> arguments) {
        Path log = logs.resolve(name + ".log");
        var command = new ArrayList<String>();
        command.add(gantry.toString());
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process.getOutputStream().close();
            return new Part(name, process, log);
        } catch (IOException e) {
            throw new Fault(Fault.Kind.BROKEN, "cannot start " + gantry + " for " + name + ": " + e.getMessage(), e);
        }
    }

    /// Something that is true once a part works.
    @FunctionalInterface
    interface Sign {
        boolean isThere();
    }

    /// Waits for a sign of life; fails at once when the process has ended.
    void await(Sign sign, Duration limit) throws InterruptedException {
        Instant end = Instant.now().plus(limit);
        while (!sign.isThere()) {
            if (!process.isAlive()) {
                throw new Fault(
                        Fault.Kind.BROKEN, name + " has ended with code " + process.exitValue() + ":\n" + lastLines());
            }
            if (Instant.now().isAfter(end)) {
                throw new Fault(
                        Fault.Kind.UNAVAILABLE,
                        name + " gave no sign of life for " + limit.toSeconds() + " s:\n" + lastLines());
            }
            Thread.sleep(LOOK);
        }
    }

    /// Waits until the process has done its work.
    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            close();
            throw new Fault(Fault.Kind.UNAVAILABLE, name + " was not done after " + limit.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new Fault(
                    Fault.Kind.BROKEN, name + " has ended with code " + process.exitValue() + ":\n" + lastLines());
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "(its log " + log + " cannot be read)";
        }
    }

    /// Asks the process to end, and ends it when it does not.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
