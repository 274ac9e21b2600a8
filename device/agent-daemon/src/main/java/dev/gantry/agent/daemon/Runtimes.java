// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.RuntimeProvider.Found;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.content.Fault;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The runtimes of this device: those of the installation that find their engine here.
final class Runtimes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);

    private final List<Runtime> found;

    private Runtimes(List<Runtime> found) {
        this.found = List.copyOf(found);
    }

    /// What the installation brings, by the service loader.
    static List<RuntimeProvider> installed() {
        return ServiceLoader.load(RuntimeProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /// Looks for the engines. One that is missing leaves its runtime out, with the reason in the log; one that
    /// the owner has asked for by name stops the start.
    ///
    /// @param environment given to every workload
    static Runtimes find(
            List<RuntimeProvider> installed,
            AgentConfig.Hosting hosting,
            StateFolder state,
            Map<String, String> environment,
            InstantSource clock) {
        var found = new ArrayList<Runtime>();
        for (RuntimeProvider provider : installed) {
            String name = provider.name();
            boolean named = hosting.runtimes().contains(name);
            if (!hosting.runtimes().isEmpty() && !named) {
                continue;
            }
            Map<String, String> own = hosting.settings().getOrDefault(name, Map.of());
            switch (provider.find(new Surroundings(state.runtime(name), own, environment, clock))) {
                case Found.Ready(var runtime) -> {
                    found.add(runtime);
                    LOG.atInfo()
                            .addKeyValue("runtime", name)
                            .addKeyValue("type", runtime.deploymentType())
                            .log("runtime was found");
                }
                case Found.Missing(var reason)
                when named -> {
                    new Runtimes(found).close();
                    throw Fault.invalid("the setting runtimes asks for " + name + ", but " + reason);
                }
                case Found.Missing(var reason) ->
                    LOG.atWarn()
                            .addKeyValue("runtime", name)
                            .addKeyValue("reason", reason)
                            .log("runtime was left out");
            }
        }
        return new Runtimes(found);
    }

    List<Runtime> all() {
        return found;
    }

    /// Workloads that can outlive the agent go on.
    @Override
    public void close() {
        for (Runtime runtime : found) {
            try {
                runtime.close();
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("type", runtime.deploymentType())
                        .setCause(e)
                        .log("runtime was not closed");
            }
        }
    }
}
