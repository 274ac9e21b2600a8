// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process `gantry mis`. Settings: [MisConfig], from flags, `GANTRY_MIS_…` and a file.
public final class MisMain {
    private static final Logger LOG = LoggerFactory.getLogger(MisMain.class);

    private MisMain() {}

    /// Serves until the process is asked to end.
    public static void main(String[] arguments) {
        try {
            MisConfig config = MisConfig.from(Settings.read("GANTRY_MIS_", List.of(arguments), System.getenv()));
            Mis mis = Mis.start(config, MisLimits.DEFAULT, InstantSource.system(), new SecureRandom());
            var asked = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(mis, asked), "mis-stop"));
            LOG.atInfo()
                    .addKeyValue("trustDomain", config.trustDomain())
                    .addKeyValue("url", mis.addresses().open())
                    .addKeyValue("renewals", mis.addresses().renewals())
                    .addKeyValue("pin", mis.pin())
                    .addKeyValue("adminKey", config.state().resolve("admin-key").toAbsolutePath())
                    .log("identity service started");
            asked.await();
        } catch (Fault fault) {
            System.err.println("gantry mis: " + fault.getMessage());
            System.exit(1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Mis mis, CountDownLatch asked) {
        mis.close();
        asked.countDown();
    }
}
