// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// What a runtime may use of the device.
///
/// @param folder of its own, kept across restarts
/// @param settings from the agent's configuration under `runtime.<name>.`, without that prefix
/// @param environment variables that the device gives to every workload, the collector's endpoint for example
///     (OB-023)
/// @param clock of the agent
public record Surroundings(
        Path folder, Map<String, String> settings, Map<String, String> environment, InstantSource clock) {
    public Surroundings {
        settings = Map.copyOf(settings);
        environment = Map.copyOf(environment);
    }
}
