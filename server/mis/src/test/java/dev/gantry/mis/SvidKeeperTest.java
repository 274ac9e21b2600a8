// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import dev.gantry.http.svid.SvidKeeper;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client's side that agents and the WFM use, against the real service.
class SvidKeeperTest {
    private static final SecureRandom CHANCE = new SecureRandom();
    private static final int PATIENCE = 30;

    @TempDir
    Path folder;

    private Mis started() {
        var config = MisConfig.from(Settings.of(Map.of(
                "trust-domain", "factory.example",
                "state.dir", folder.resolve("mis").toString(),
                "listen", "127.0.0.1:0",
                "renewal.listen", "127.0.0.1:0",
                "svid.validity", "24h")));
        return Mis.start(config, MisLimits.DEFAULT, InstantSource.system(), CHANCE);
    }

    private EnrolmentToken token(Mis mis) throws Exception {
        String key = Files.readString(folder.resolve("mis/admin-key"));
        return MisTest.token(mis.addresses().open(), mis.pin().value(), key, MisFixture.WISH);
    }

    private SvidKeeper keeper(String name, Optional<EnrolmentToken> token, InstantSource clock)
            throws InterruptedException {
        return SvidKeeper.start(folder.resolve(name), token, clock, CHANCE, () -> {});
    }

    @Test
    @Requirement({"ID-052", "ID-095"})
    void aDeviceEnrolsThenRenewsByItself() throws Exception {
        try (Mis mis = started()) {
            X509Certificate first;
            try (var keeper = keeper("press", Optional.of(token(mis)), InstantSource.system())) {
                assertEquals(MisFixture.PRESS, keeper.id().value());
                first = keeper.credential().get().leaf();
                assertTrue(keeper.bundle().get().isUsableAt(Instant.now()));
            }
            var later = new ManualClock(Instant.now().plus(Duration.ofHours(17)));
            try (var keeper = keeper("press", Optional.empty(), later)) {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
                while (keeper.credential().get().leaf().equals(first)) {
                    assertTrue(System.nanoTime() < end, "the SVID was not renewed");
                    Thread.onSpinWait();
                }
                assertEquals(MisFixture.PRESS, keeper.id().value());
            }
        }
    }

    @Test
    void aSpentTokenIsRefusedToAnotherDevice() throws Exception {
        try (Mis mis = started()) {
            EnrolmentToken token = token(mis);
            keeper("press", Optional.of(token), InstantSource.system()).close();
            Fault fault = assertThrows(Fault.class, () -> keeper("thief", Optional.of(token), InstantSource.system()));
            assertEquals(Fault.Kind.REFUSED, fault.kind());
            assertTrue(fault.getMessage().contains("another key"), fault::getMessage);
        }
    }
}
