// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A command line tool of the device, run with a bound on its time and on what is read of it. It sees the variables
/// that it is given and a few of the agent's own that it needs to find its engine, never all of them: what stands in
/// the agent's environment is nobody else's.
final class Tool {
    /// How a run ended.
    ///
    /// @param exit its code, or -1 when it took too long
    /// @param error the end of what it wrote to standard error
    record Result(int exit, String output, String error) {
        boolean well() {
            return exit == 0;
        }

        /// The last thing it said, short enough for a status.
        String reason() {
            List<String> lines = error.lines()
                    .map(line -> line.replaceAll("\\p{Cntrl}\\[[0-9;]*m|\\p{Cntrl}", "")
                            .strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            String last = lines.isEmpty() ? "it ended with " + exit : lines.getLast();
            return last.length() > SHOWN ? last.substring(0, SHOWN) + "…" : last;
        }
    }

    private static final List<String> INHERITED = List.of(
            "PATH",
            "HOME",
            "DOCKER_HOST",
            "DOCKER_CONFIG",
            "DOCKER_CERT_PATH",
            "DOCKER_TLS_VERIFY",
            "CONTAINERS_CONF",
            "XDG_RUNTIME_DIR",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY");
    private static final int OUTPUT_BYTES = 4 << 20;
    private static final int ERROR_BYTES = 64 << 10;
    private static final int SHOWN = 300;

    private final List<String> command;
    private final Map<String, String> environment;

    /// @param command the words that every run begins with
    /// @param environment more variables for every run
    Tool(List<String> command, Map<String, String> environment) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }

    Result run(List<String> words, Map<String, String> variables, Path folder, Duration within) throws IOException {
        var builder = new ProcessBuilder(
                Stream.concat(command.stream(), words.stream()).toList());
        var own = new LinkedHashMap<>(builder.environment());
        builder.environment().clear();
        builder.environment().putAll(variables);
        INHERITED.forEach(name -> {
            if (own.containsKey(name)) {
                builder.environment().put(name, Objects.requireNonNull(own.get(name)));
            }
        });
        builder.environment().putAll(environment);
        Process process = builder.directory(folder.toFile()).start();
        process.getOutputStream().close();
        var parts = new ArrayList<>(List.of("", ""));
        var readers = List.of(
                Thread.ofVirtual().start(() -> parts.set(0, text(process.getInputStream(), OUTPUT_BYTES))),
                Thread.ofVirtual().start(() -> parts.set(1, text(process.getErrorStream(), ERROR_BYTES))));
        boolean ended = false;
        try {
            ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(process);
            }
            for (Thread reader : readers) {
                reader.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("was interrupted", e);
        } finally {
            end(process);
        }
        String error = ended ? parts.get(1) : parts.get(1) + "\ntook longer than " + within.toSeconds() + " s";
        return new Result(ended ? process.exitValue() : -1, parts.get(0), error);
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// Reads to the end, and keeps no more than the last bytes.
    private static String text(InputStream in, int most) {
        var kept = new byte[most];
        long total = 0;
        try (in) {
            for (int next = in.read(kept, 0, most); next >= 0; ) {
                total += next;
                int at = (int) (total % most);
                next = in.read(kept, at, most - at);
            }
        } catch (IOException _) {
            // It was ended; what was read before counts.
        }
        int end = (int) (total % most);
        if (total <= most) {
            return new String(kept, 0, (int) total, StandardCharsets.UTF_8);
        }
        return new String(kept, end, most - end, StandardCharsets.UTF_8)
                + new String(kept, 0, end, StandardCharsets.UTF_8);
    }
}
