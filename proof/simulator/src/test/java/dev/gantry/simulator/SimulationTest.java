// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.spec.Requirement;
import dev.gantry.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulationTest {
    @Seeds(300)
    @Requirement({
        "MI-041", "MI-042", "MI-062", "MI-066", "MI-067", "MI-070", "MI-072", "MI-073", "MI-075", "MI-111", "MI-113",
        "DP-021", "DP-024", "DP-035", "DP-037", "DV-037"
    })
    void everyDeviceEndsUpWithWhatWasLastAskedOfIt(long seed) {
        var world = new World(seed);
        var faults = Faults.drawnFrom(world);
        int devices = 1 + world.chance().nextInt(6);
        var plant = new Plant(world, faults, devices, 5 * devices, Parts.SOUND);

        plant.watch();
        world.runUntil("allChangesAreAsked", plant::unasked, Limit.events(60_000));

        plant.heal();
        Limit limit = Limit.events(40_000).within(Duration.ofMinutes(20));
        world.runUntil("everyDeviceRunsWhatIsWanted", plant::unlikeWanted, limit);
        world.runUntil("everythingIsReportedTruthfully", plant::untruth, limit);
    }

    private static List<String> lines(long seed) {
        var lines = new ArrayList<String>();
        new Simulation(seed, 0).run(lines::add);
        return lines;
    }

    @Seeds(10)
    void theSameSeedGivesTheSameRun(long seed) {
        assertEquals(lines(seed), lines(seed));
    }

    @Test
    void anotherSeedGivesAnotherRun() {
        assertNotEquals(lines(1), lines(2));
    }

    @Test
    void allKindsOfTroubleHappen() {
        var lines = new ArrayList<String>();
        for (long seed = 1; seed <= 40; seed++) {
            new Simulation(seed, 3).run(lines::add);
        }
        for (String trouble : List.of(
                "the request was lost",
                "the reply was lost",
                "no answer in time",
                "was late with",
                "repeats POST",
                "is given an older answer to GET /api/v1/deployments",
                "is given an altered answer to",
                "manifest refused: version",
                "too much to do",
                "power cut before the journal is saved",
                "power cut after a document is kept",
                "power cut before a request",
                "power cut after a reply",
                "power cut before a commit",
                "power cut after a commit",
                "the store refused",
                "the store's answer was lost",
                "DIGEST_MISMATCH",
                "PULL_FAILED",
                "ENGINE_BUSY",
                "BROKEN_ARTIFACT",
                "EXITED",
                "clock turned by PT-",
                "clock turned back",
                "site offline",
                "tags moved",
                "restored from a backup",
                "is not accepted by this Workload Fleet Manager",
                "component not stopped")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(trouble)), trouble);
        }
    }

    @Test
    void aBrokenInvariantNamesItsSeed() {
        var world = new World(77);
        world.always("theSunShines", () -> Optional.of("it rains"));
        world.after(Duration.ofSeconds(1), () -> world.note("sky", "clouds"));
        Violation violation = assertThrows(
                Violation.class, () -> world.runUntil("noon", () -> Optional.of("early"), Limit.events(1)));
        assertEquals("theSunShines", violation.invariant());
        assertTrue(violation.getMessage().contains("./gantry sim --seed 77"), violation.getMessage());
        assertTrue(violation.getMessage().contains("00:00:01.000  sky"), violation.getMessage());
    }

    private static String said(int expected, String... args) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(expected, SimMain.run(List.of(args), stream, stream));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theCommandTellsOneRunLineByLine() {
        String told = said(0, "--seed", "4", "--devices", "2");
        assertTrue(told.contains("press-2    manifest accepted"), told);
        assertTrue(told.contains("seed 4: everything held"), told);
    }

    @Test
    void theCommandRunsManySeeds() {
        assertTrue(said(0, "--seeds", "1..3").contains("3 seeds, 0 broken"));
    }

    @Test
    void theCommandRefusesWhatItDoesNotKnow() {
        for (String wrong : List.of("--seed", "--seed x", "--what 1", "--seeds 3..1", "--devices -1", "--seeds 1..x")) {
            assertTrue(said(2, wrong.split(" ")).contains("usage:"), wrong);
        }
    }
}
