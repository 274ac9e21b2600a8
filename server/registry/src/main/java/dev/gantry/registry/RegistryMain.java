// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process `gantry registry`. Settings: [RegistryConfig], from flags, `GANTRY_REGISTRY_…` and a file.
public final class RegistryMain {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryMain.class);

    private RegistryMain() {}

    /// Serves until the process is asked to end.
    public static void main(String[] arguments) {
        try {
            RegistryConfig config =
                    RegistryConfig.from(Settings.read("GANTRY_REGISTRY_", List.of(arguments), System.getenv()));
            Registry registry =
                    Registry.start(config, RegistryLimits.DEFAULT, InstantSource.system(), new SecureRandom());
            var asked = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(registry, asked), "registry-stop"));
            LOG.atInfo()
                    .addKeyValue("host", config.listen().getHostString())
                    .addKeyValue("port", registry.port())
                    .addKeyValue("state", config.state().toAbsolutePath())
                    .addKeyValue("pushToken", config.tokenFile().toAbsolutePath())
                    .log("registry started");
            asked.await();
        } catch (Fault fault) {
            System.err.println("gantry registry: " + fault.getMessage());
            System.exit(1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Registry registry, CountDownLatch asked) {
        registry.close();
        asked.countDown();
    }
}
