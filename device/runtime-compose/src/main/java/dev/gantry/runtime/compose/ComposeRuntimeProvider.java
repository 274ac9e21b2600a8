// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.content.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks for an engine with Compose: `docker compose`, `docker-compose` with Docker or with Podman's socket, or
/// `podman compose`. The first whose engine answers is used.
public final class ComposeRuntimeProvider implements RuntimeProvider {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final List<Path> PODMAN_SOCKETS = List.of(Path.of("/run/podman/podman.sock"));

    private record Candidate(List<String> command, Map<String, String> environment) {}

    @Override
    public String name() {
        return "compose";
    }

    @Override
    public Found find(Surroundings surroundings) {
        var settings = ComposeSettings.of(surroundings.settings());
        Disk.createFolder(surroundings.folder());
        var reasons = new ArrayList<String>();
        for (Candidate candidate : candidates(settings)) {
            var tool = new Tool(candidate.command, candidate.environment);
            Optional<String> version = version(tool, surroundings.folder(), reasons);
            if (version.isPresent()) {
                return new Found.Ready(new ComposeRuntime(surroundings, settings, tool, version.orElseThrow()));
            }
        }
        return new Found.Missing("no container engine with Compose v2 answers (" + String.join("; ", reasons)
                + "); install Docker with its Compose plugin, or Podman with docker-compose and its socket, and start"
                + " the agent again");
    }

    private static List<Candidate> candidates(ComposeSettings settings) {
        Map<String, String> host =
                settings.host().map(address -> Map.of("DOCKER_HOST", address)).orElse(Map.of());
        if (settings.command().isPresent()) {
            return List.of(new Candidate(settings.command().orElseThrow(), host));
        }
        var candidates = new ArrayList<>(List.of(
                new Candidate(List.of("docker", "compose"), host), new Candidate(List.of("docker-compose"), host)));
        if (host.isEmpty()) {
            for (Path socket : PODMAN_SOCKETS) {
                if (Files.exists(socket)) {
                    var podman = Map.of("DOCKER_HOST", "unix://" + socket);
                    candidates.add(new Candidate(List.of("docker", "compose"), podman));
                    candidates.add(new Candidate(List.of("docker-compose"), podman));
                }
            }
        }
        candidates.add(new Candidate(List.of("podman", "compose"), host));
        return candidates;
    }

    /// The version of Compose, when it is 2 or newer and its engine answers.
    private static Optional<String> version(Tool tool, Path folder, List<String> reasons) {
        try {
            Tool.Result version = tool.run(List.of("version", "--short"), Map.of(), folder, WITHIN);
            String text = version.output().strip();
            String number = text.startsWith("v") ? text.substring(1) : text;
            if (!version.well() || !number.matches("[0-9]+\\.[0-9.]+.*")) {
                reasons.add(tool + ": " + (version.well() ? "no version" : version.reason()));
                return Optional.empty();
            }
            if (number.startsWith("1.")) {
                reasons.add(tool + ": version " + number + " is too old");
                return Optional.empty();
            }
            Tool.Result engine = tool.run(List.of("ls", "--quiet"), Map.of(), folder, WITHIN);
            if (!engine.well()) {
                reasons.add(tool + ": " + engine.reason());
                return Optional.empty();
            }
            return Optional.of(number);
        } catch (IOException e) {
            reasons.add(tool + ": not installed");
            return Optional.empty();
        }
    }
}
