// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.Agent;
import dev.gantry.agent.Surface;
import dev.gantry.agent.WfmClient;
import dev.gantry.agent.daemon.collector.Collector;
import dev.gantry.agent.daemon.collector.RingLimits;
import dev.gantry.content.Fault;
import dev.gantry.content.FileBlobs;
import dev.gantry.content.Settings;
import dev.gantry.oci.HttpConnections;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// The process `gantry agent`: the management client of one device. Settings: [AgentConfig], from flags,
/// `GANTRY_AGENT_…` and a file. Its exit codes are [Exit]; workloads that can outlive it go on.
public final class AgentMain {
    private AgentMain() {}

    /// Runs until the process is asked to end.
    public static void main(String[] arguments) {
        System.exit(
                run(List.of(arguments), System.getenv(), InstantSource.system()).code());
    }

    private static Exit run(List<String> arguments, Map<String, String> environment, InstantSource clock) {
        var shutdown = new Shutdown();
        try (shutdown) {
            var chance = new SecureRandom();
            var installed = Runtimes.installed();
            var config = Start.configured(() -> Settings.read("GANTRY_AGENT_", arguments, environment), installed);
            var state = shutdown.closing(StateFolder.take(config.state()));

            var onBundleReplaced = new AtomicReference<Runnable>(() -> {});
            var svid = shutdown.closing(Start.enrolled(
                    config, state, clock, chance, () -> onBundleReplaced.get().run()));
            var wfm = shutdown.closing(Start.connected(config.wfm(), svid, clock));
            onBundleReplaced.set(wfm::reconnect);

            var collector = shutdown.closing(Collector.start(
                    state.collector(),
                    config.hosting().collector(),
                    config.hosting().collectorHost(),
                    RingLimits.DEFAULT,
                    clock));
            var runtimes =
                    shutdown.closing(Runtimes.find(installed, config.hosting(), state, collector.environment(), clock));
            HttpConnections connections = shutdown.closing(Start.connections(config.registries()));

            var surface = new Surface(
                    new FileJournal(state.journal(), clock),
                    new FileBlobs(state.documents()),
                    new RegistryArtifacts(Start.registries(connections, config.registries(), clock), state.artifacts()),
                    runtimes.all(),
                    config.device());
            var agent = new Agent(
                    surface, new WfmClient(wfm, config.wfm().paths()), config.polling(), clock, chance, new EventLog());

            System.out.println("agent " + config.device().id() + " ready: " + svid.id() + " polls "
                    + config.wfm().url() + " every " + config.polling().every().toSeconds() + " s");
            shutdown.stepping(new Loop("agent", agent::step)).run();
            return Exit.ASKED;
        } catch (CannotStart e) {
            return said(e.exit(), e);
        } catch (Fault e) {
            return said(e.kind() == Fault.Kind.INVALID ? Exit.SETTINGS : Exit.UNUSABLE, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Exit.ASKED;
        }
    }

    private static Exit said(Exit exit, RuntimeException why) {
        System.err.println("gantry agent: " + why.getMessage());
        return exit;
    }
}
