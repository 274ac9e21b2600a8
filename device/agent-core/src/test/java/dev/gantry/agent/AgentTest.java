// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentTest {
    private final Bench bench = new Bench();

    private Agent settled() {
        bench.wanted.put(Bench.id(1), Bench.document(1, "1.4.0"));
        Agent agent = bench.agent();
        Bench.settle(agent);
        return agent;
    }

    private List<State> told() {
        return bench.heard.stream().map(DeploymentStatus::state).toList();
    }

    @Test
    @Requirement({"MI-072", "MI-075", "MI-076", "MI-107", "DP-030"})
    void aDeviceIntroducesItselfInstallsAndReports() {
        settled();
        assertEquals("PUT", bench.requests.getFirst().method());
        assertEquals(List.of(State.INSTALLING, State.INSTALLED), told());
        assertEquals(1, bench.engine.size());
    }

    @Test
    @Requirement({"MI-073", "DP-024"})
    void whatIsNoLongerListedIsRemovedReportedAndForgotten() {
        Agent agent = settled();
        bench.wanted.clear();
        bench.version = bench.version.next();
        bench.clock.turn(Bench.POLLING.every());
        Bench.settle(agent);
        assertTrue(bench.engine.isEmpty());
        assertEquals(State.REMOVED, told().getLast());
        assertEquals(bench.version, bench.heard.getLast().adopted());
        assertTrue(bench.memory.held().isEmpty());
        assertTrue(bench.memory.told().isEmpty());
    }

    @Test
    void nothingHappensTwiceAfterARestart() {
        settled();
        int told = bench.heard.size();
        Bench.settle(bench.agent());
        assertEquals(told, bench.heard.size());
        assertEquals("GET", bench.requests.getLast().method());
        assertTrue(bench.requests.getLast().headers().get("If-None-Match").isPresent());
    }

    /// Found by the simulation: the WFM had heard `installing`, the answer was lost, and the truth was again what it
    /// had been told before, so that it was never told.
    @Test
    @Requirement({"MI-075", "MI-106", "DV-037"})
    void whatWasTrueBeforeALostReplyIsToldAgain() {
        Agent agent = settled();
        bench.all(new Condition.Starting());
        bench.losesReplies = true;
        Bench.settle(agent);
        assertEquals(State.INSTALLING, told().getLast());
        bench.all(new Condition.Running());
        bench.losesReplies = false;
        bench.clock.turn(Duration.ofMinutes(3));
        Bench.settle(agent);
        assertEquals(State.INSTALLED, told().getLast());
    }

    @Test
    @Requirement({"MI-075", "DV-037"})
    void whatWasTrueBeforeAPowerCutInAReportIsToldAgain() {
        Agent agent = settled();
        bench.all(new Condition.Starting());
        bench.losesReplies = true;
        agent.step();
        assertEquals(State.INSTALLING, told().getLast());
        bench.all(new Condition.Running());
        bench.losesReplies = false;
        Bench.settle(bench.agent());
        assertEquals(State.INSTALLED, told().getLast());
    }

    /// Found by the simulation: a clock that was an hour ahead and was corrected kept the device silent for an hour.
    @Test
    void aClockThatIsTurnedBackDelaysNoPoll() {
        Agent agent = settled();
        bench.clock.turn(Duration.ofHours(-1));
        int before = bench.requests.size();
        Bench.settle(agent);
        assertEquals(before + 1, bench.requests.size());
        assertTrue(bench.event("clock turned back").isPresent());
    }

    @Test
    void aClockThatIsTurnedBackDelaysNoRetry() {
        bench.started = new Condition.Failed("EXITED", "it ended");
        Agent agent = settled();
        assertEquals(State.FAILED, told().getLast());
        bench.started = new Condition.Running();
        bench.clock.turn(Duration.ofHours(-1));
        Bench.settle(agent);
        assertEquals(State.INSTALLED, told().getLast());
    }

    /// Found by the simulation: the time for starting was counted from the beginning of the deployment, so that every
    /// start after ten minutes counted as failed at once.
    @Test
    @Requirement({"AD-016", "DP-031"})
    void aStartAfterARebootHasItsWholeTime() {
        settled();
        bench.engine.clear();
        bench.started = new Condition.Starting();
        bench.clock.turn(Duration.ofHours(5));
        Agent agent = bench.agent();
        Bench.settle(agent);
        assertFalse(told().contains(State.FAILED), told().toString());
        bench.clock.turn(Duration.ofMinutes(10));
        Bench.settle(agent);
        assertEquals(State.FAILED, told().getLast());
        assertEquals(
                "START_TIMEOUT",
                bench.heard
                        .getLast()
                        .components()
                        .getFirst()
                        .error()
                        .orElseThrow()
                        .code());
    }

    @Test
    @Requirement("MI-072")
    void documentsThatTheDiskLostAreFetchedAgain() {
        settled();
        var other = new Bench();
        other.memory = bench.memory;
        other.wanted.putAll(bench.wanted);
        Bench.settle(other.agent());
        assertTrue(other.documents.has(bench.wanted.get(Bench.id(1)).digest()));
        assertEquals(1, other.engine.size());
    }
}
