// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http.svid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.identity.Credential;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against an identity service over real TLS.
class SvidStepsTest {
    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final SecureRandom chance = new SecureRandom();
    private IdentityService service;
    private SvidSteps steps;

    @BeforeEach
    void start() {
        service = new IdentityService(clock);
        steps = steps();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private SvidSteps steps() {
        return new SvidSteps(folder, clock, chance);
    }

    @Test
    @Requirement({"ID-058", "ID-060", "ID-100"})
    void aDeviceIsEnrolledByItsTokenAndItsKeyStaysWithIt() throws IOException {
        assertEquals(Optional.empty(), steps.enrol(service.token()));

        assertEquals(
                service.client().spiffeId(),
                SvidCheck.claimed(steps.credentials().get().leaf()));
        assertFalse(service.bodies().getFirst().contains("PRIVATE"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("credential.pem"))));
        assertFalse(steps().isNotEnrolled());
        assertEquals(service.bundle(), steps().bundles().get());
    }

    @Test
    void aRefusedTokenIsOneClearMessageWithoutTheSecret() {
        var spent = new EnrolmentToken(
                service.token().url(),
                service.token().trustDomain(),
                service.token().pin(),
                new Secret("another-secret"));

        Fault fault = assertThrows(Fault.class, () -> steps.enrol(spent));

        assertEquals(Fault.Kind.REFUSED, fault.kind());
        assertTrue(fault.getMessage().contains("ask for a new token"), fault.getMessage());
        assertFalse(fault.getMessage().contains("another-secret"));
        assertTrue(steps.isNotEnrolled());
    }

    @Test
    @Requirement({"ID-057", "ID-058"})
    void nothingIsSentToAServiceWithoutThePinnedKey() {
        try (var other = new IdentityService(clock)) {
            var misled = new EnrolmentToken(
                    service.token().url(),
                    service.token().trustDomain(),
                    other.token().pin(),
                    service.token().secret());

            assertTrue(steps.enrol(misled).isPresent());
            assertEquals(List.of(), service.bodies());
        }
    }

    @Test
    void aServiceThatCannotNowIsAskedAgainLaterWithTheSameKey() {
        service.unavailable(true);
        Duration first = steps.enrol(service.token()).orElseThrow();
        Duration second = steps.enrol(service.token()).orElseThrow();
        assertTrue(second.compareTo(first) > 0, first + " then " + second);

        service.unavailable(false);
        assertEquals(Optional.empty(), steps().enrol(service.token()));

        assertEquals(1, service.keys().stream().distinct().count());
    }

    @Test
    void anAnswerOfAnotherTrustDomainIsNotInstalled() {
        var expecting = new EnrolmentToken(
                service.token().url(),
                new TrustDomain("other.example"),
                service.token().pin(),
                service.token().secret());

        assertTrue(steps.enrol(expecting).isPresent());

        assertTrue(steps.isNotEnrolled());
        assertFalse(Files.exists(folder.resolve("identity-service.json")));
    }

    @Test
    @Requirement({"ID-052", "ID-095"})
    void theCredentialIsRenewedAtTwoThirdsOfItsLifeOverMutualTls() {
        steps.enrol(service.token());
        Credential first = steps.credentials().get();

        Duration wait = steps.renew();
        assertEquals(1, service.bodies().size());
        clock.turn(Duration.between(clock.instant(), SvidSteps.renewal(first)).minusSeconds(1));
        assertTrue(steps.renew().isPositive() && wait.isPositive());
        assertEquals(1, service.bodies().size());

        clock.turn(Duration.ofSeconds(2));
        assertEquals(Duration.ZERO, steps.renew());

        assertNotEquals(first.leaf(), steps.credentials().get().leaf());
        assertEquals(List.of(service.client().spiffeId().value()), service.renewers());
        assertEquals(2, service.keys().stream().distinct().count());
        assertEquals(steps.credentials().get(), steps().credentials().get());
    }

    @Test
    void aFailedRenewalKeepsTheOldCredentialAndIsTriedAgain() {
        steps.enrol(service.token());
        Credential first = steps.credentials().get();
        clock.turn(Duration.between(clock.instant(), SvidSteps.renewal(first)).plusSeconds(1));
        service.unavailable(true);

        Duration pause = steps.renew();
        assertEquals(first, steps.credentials().get());
        assertTrue(pause.isPositive() && pause.compareTo(Duration.ofMinutes(6)) < 0, pause.toString());
        assertTrue(steps.renew().isPositive());

        service.unavailable(false);
        clock.turn(pause);
        assertEquals(Duration.ZERO, steps.renew());
        assertNotEquals(first, steps.credentials().get());
    }

    @Test
    void aCredentialOfSomebodyElseIsNotInstalled() {
        steps.enrol(service.token());
        Credential first = steps.credentials().get();
        clock.turn(Duration.between(clock.instant(), SvidSteps.renewal(first)).plusSeconds(1));
        service.issueTo("somebody-else");

        assertTrue(steps.renew().isPositive());

        assertEquals(first, steps.credentials().get());
    }

    @Test
    @Requirement({"ID-078", "ID-079", "ID-082"})
    void aRotatedBundleIsFetchedAtItsHintAndReported() {
        steps.enrol(service.token());
        var replaced = new AtomicInteger();
        steps.refresh(replaced::incrementAndGet);
        assertEquals(0, replaced.get());

        service.rotate();
        Duration pause = steps.refresh(replaced::incrementAndGet);
        assertEquals(0, replaced.get());
        clock.turn(pause);
        steps.refresh(replaced::incrementAndGet);

        assertEquals(1, replaced.get());
        assertEquals(service.bundle(), steps.bundles().get());
    }

    @Test
    void withoutCredentialAndTokenTheMessageSaysWhereToGetOne() {
        Fault fault =
                assertThrows(Fault.class, () -> SvidKeeper.start(folder, Optional.empty(), clock, chance, () -> {}));

        assertEquals(Fault.Kind.MISSING, fault.kind());
        assertTrue(fault.getMessage().contains("gantry device enrol"), fault.getMessage());
    }

    @Test
    void anEnrolledDeviceStartsWithoutTheService() throws InterruptedException {
        steps.enrol(service.token());
        service.close();

        try (var keeper = SvidKeeper.start(folder, Optional.empty(), clock, chance, () -> {})) {
            assertEquals(service.client().spiffeId(), keeper.id());
            assertEquals(service.bundle(), keeper.bundle().get());
        }
    }
}
