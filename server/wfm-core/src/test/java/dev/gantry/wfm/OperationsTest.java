// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import static dev.gantry.wfm.World.OVEN;
import static dev.gantry.wfm.World.PRESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.wfm.Operations.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OperationsTest {
    private static final ManifestVersion ONE = ManifestVersion.FIRST;
    private static final ManifestVersion TWO = ONE.next();
    private static final ManifestVersion THREE = TWO.next();

    private final World world = World.settled();

    private static void assertFault(Fault.Kind kind, Executable action) {
        assertEquals(kind, assertThrows(Fault.class, action).kind());
    }

    private ManifestVersion version() {
        return world.view(PRESS).head().orElseThrow().version();
    }

    private static Deployment done(Answer answer) {
        return assertInstanceOf(Answer.Done.class, answer).deployment();
    }

    private static Map<String, Tree> poll(int seconds) {
        return Map.of("pollSeconds", Tree.of(seconds));
    }

    @Test
    @Requirement({"MI-041", "MI-052", "DP-001", "AD-026"})
    void whatIsDeployedStandsInTheNextManifest() {
        Deployment deployment = world.deployed(PRESS, 1);
        assertEquals(TWO, version());
        assertEquals(TWO, deployment.since());
        assertEquals(
                Map.of(deployment.id(), deployment.document()),
                world.view(PRESS).head().orElseThrow().documents());
        var read = ApplicationDeployment.read(deployment.document()).value();
        assertEquals("press-07", read.metadata().target().value());
        assertEquals("compose", read.profile().type());
        assertEquals(
                Optional.of(Tree.members()
                        .put(
                                "monitor",
                                Samples.digest("press-monitor/monitor:1.4.0").value())
                        .build()),
                read.extensions().gantry().get("pins"));
        assertEquals(ONE, world.view(OVEN).head().orElseThrow().version());
    }

    @Test
    void aRepeatedRequestChangesNothing() {
        Deployment first = world.deployed(PRESS, 1);
        assertEquals(first, world.deployed(PRESS, 1));
        assertEquals(TWO, version());
    }

    @Test
    @Requirement({"DP-037", "MI-052", "AD-059"})
    void aChangeKeepsTheIdAndWhatIsUnchangedKeepsItsVersion() {
        Deployment first = world.deployed(PRESS, 1);
        Deployment changed = done(world.operations.change(first.id(), Optional.empty(), poll(60)));
        assertEquals(first.id(), changed.id());
        assertEquals(THREE, changed.since());
        assertEquals(changed, done(world.operations.change(first.id(), Optional.empty(), poll(60))));
        assertEquals(THREE, version());
        Deployment upgraded = done(world.operations.change(
                first.id(), Optional.of(Samples.application("1.5.0").id()), Map.of()));
        assertEquals(poll(60), upgraded.origin().values());
        assertEquals(THREE.next(), version());
    }

    @Test
    @Requirement("AD-060")
    void valuesThatTheAuthorDoesNotAllowAreRefused() {
        Answer wrong = world.operations.deploy(World.wish(PRESS, 1, poll(5)));
        assertFalse(
                assertInstanceOf(Answer.InvalidValues.class, wrong).findings().isEmpty());
        Answer mistyped = world.operations.deploy(World.wish(PRESS, 1, Map.of("pollSeconds", Tree.of("sixty"))));
        assertInstanceOf(Answer.InvalidValues.class, mistyped);
        assertEquals(ONE, version());
    }

    @Test
    @Requirement({"AD-029", "AD-030"})
    void aDeviceThatCannotRunItIsToldWhy() {
        world.reports.capabilities(PRESS, Samples.capabilities("press-07", "custom"));
        Answer answer = world.operations.deploy(World.wish(PRESS, 1));
        assertEquals(
                2, assertInstanceOf(Answer.Unplaceable.class, answer).reasons().size());
    }

    @Test
    void whatDoesNotExistIsMissing() {
        assertFault(Fault.Kind.MISSING, () -> world.operations.withdraw(Samples.deploymentId(9)));
        assertFault(
                Fault.Kind.MISSING, () -> world.operations.change(Samples.deploymentId(9), Optional.empty(), Map.of()));
        assertFault(Fault.Kind.MISSING, () -> world.operations.owner(Samples.deviceId("nobody"), Optional.empty()));
        assertFault(Fault.Kind.MISSING, () -> world.operations.find("nothing"));
    }

    @Test
    @Requirement({"MI-073", "DP-024"})
    void whatIsWithdrawnLeavesTheManifestAndStaysUntilItsRemovalIsTold() {
        Deployment deployment = world.deployed(PRESS, 1);
        Deployment withdrawn = world.operations.withdraw(deployment.id());
        assertTrue(withdrawn.withdrawn());
        assertEquals(THREE, withdrawn.since());
        assertTrue(world.view(PRESS).wanted().isEmpty());
        assertEquals(withdrawn, world.operations.withdraw(deployment.id()));
        assertEquals(THREE, version());
        assertFault(Fault.Kind.CONFLICT, () -> world.operations.change(deployment.id(), Optional.empty(), poll(60)));
        assertEquals(201, world.report(PRESS, 1, THREE, State.REMOVED).status());
    }

    @Test
    void aNameIsTakenOnlyOncePerDevice() {
        world.deployed(PRESS, 1);
        var same = new Operations.Deploy(
                Optional.empty(),
                Optional.of("monitor 1"),
                Samples.application("1.4.0").id(),
                Samples.deviceId("press-07"),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        assertFault(Fault.Kind.CONFLICT, () -> world.operations.deploy(same));
    }

    @Test
    void aClientHasOnlySoManyDeployments() {
        for (int number = 1; number <= World.LIMITS.deployments(); number++) {
            world.deployed(PRESS, number);
        }
        assertFault(Fault.Kind.REFUSED, () -> world.deployed(PRESS, 99));
    }

    @Test
    @Requirement("AD-081")
    void aPackageVersionNeverChangesItsContent() {
        AppPackage known = Samples.application("1.4.0");
        assertEquals(known.manifest(), world.operations.add(known).manifest());
        var other = new AppPackage(
                known.reference(), Samples.digest("other"), known.description(), known.pins(), known.imported());
        assertFault(Fault.Kind.CONFLICT, () -> world.operations.add(other));
    }

    @Test
    @Requirement("MI-111")
    void aStatusOfOlderContentIsNotCurrent() {
        world.deployed(PRESS, 1);
        world.report(PRESS, 1, TWO, State.INSTALLED);
        var id = Samples.deploymentId(1);
        assertTrue(world.view(PRESS).progress(id).orElseThrow().current());
        world.operations.change(id, Optional.empty(), poll(60));
        assertFalse(world.view(PRESS).progress(id).orElseThrow().current());
        world.report(PRESS, 1, THREE, State.INSTALLED);
        assertTrue(world.view(PRESS).progress(id).orElseThrow().current());
    }

    @Test
    @Requirement("MI-042")
    void aWfmThatHearsOfANewerManifestGoesOnAboveIt() {
        world.deployed(PRESS, 1);
        var adopted = TWO.plus(40);
        assertEquals(201, world.report(PRESS, 1, adopted, State.INSTALLED).status());
        assertEquals(adopted.next(), version());
        assertEquals(
                adopted.next(),
                world.operations.deployment(Samples.deploymentId(1)).since());
    }

    @Test
    @Requirement("MI-111")
    void aVersionFarBeyondEveryManifestIsNonsense() {
        world.deployed(PRESS, 1);
        var beyond = TWO.plus(World.LIMITS.versionJump() + 1);
        assertEquals(422, world.report(PRESS, 1, beyond, State.INSTALLED).status());
        assertEquals(TWO, version());
    }

    @Test
    @Requirement({"MI-041", "MI-042"})
    void aRestoredWfmRaisesEveryVersionAndKeepsEveryWish() {
        Deployment deployment = world.deployed(PRESS, 1);
        world.operations.restored();
        assertEquals(TWO.plus(Operations.RESTORED), version());
        assertEquals(
                ONE.plus(Operations.RESTORED),
                world.view(OVEN).head().orElseThrow().version());
        assertEquals(deployment.at(version()), world.operations.deployment(deployment.id()));
        assertEquals(
                Map.of(deployment.id(), deployment.document()),
                world.view(PRESS).head().orElseThrow().documents());
    }

    @Test
    void theOldestReportedTombstonesGoFirst() {
        for (int number = 1; number <= 4; number++) {
            world.clock.turn(Duration.ofMinutes(1));
            world.deployed(PRESS, number);
            world.operations.withdraw(Samples.deploymentId(number));
            world.report(PRESS, number, version(), State.REMOVED);
        }
        assertFalse(world.view(PRESS).deployments().containsKey(Samples.deploymentId(1)));
        assertTrue(world.view(PRESS).deployments().containsKey(Samples.deploymentId(4)));
    }

    @Test
    void everythingIsThereAfterARestart() {
        world.deployed(PRESS, 1);
        world.report(PRESS, 1, TWO, State.INSTALLED);
        var again = new Fleet(world.store);
        assertEquals(world.fleet.clients(), again.clients());
        assertEquals(2, again.applications().size());
    }
}
