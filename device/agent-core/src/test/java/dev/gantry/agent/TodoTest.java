// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.Memory.Accepted;
import dev.gantry.agent.Memory.Failure;
import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.Memory.Pin;
import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.spec.application.ApplicationDeployment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TodoTest {
    private static final Instant NOW = Bench.START;
    private static final Digest CAPABILITIES = Blob.utf8("capabilities").digest();
    private static final Digest ARTIFACT = Blob.utf8("artifact").digest();
    private static final ComponentName MONITOR = new ComponentName("monitor");
    private static final Pin PIN = new Pin("oci://registry.example.com/acme/press-monitor:1.0.0", ARTIFACT);
    private static final List<Blob> DOCUMENTS = List.of(document(10), document(20));

    /// Two documents that differ in a value only.
    private static Blob document(int seconds) {
        return Blob.utf8(Bench.document(1, "1.0.0")
                .text()
                .replace(
                        "parameters: {}",
                        "parameters: {poll: {value: " + seconds
                                + ", targets: [{pointer: POLL, components: [monitor]}]}}"));
    }

    private static ApplicationDeployment read(Blob document) {
        return ApplicationDeployment.read(document).value();
    }

    private static Digest revision(Blob document) {
        return Workloads.revision(
                read(document), read(document).profile().components().getFirst(), ARTIFACT);
    }

    private static Pace pace() {
        return Pace.at(NOW, Bench.POLLING).polled(NOW.plusSeconds(30));
    }

    /// A situation in which the WFM cannot be asked, so that only local work is left.
    private static Situation alone(
            SortedMap<DeploymentId, Digest> wanted,
            SortedMap<DeploymentId, Held> held,
            Map<WorkloadId, Observed> running) {
        var accepted = new Accepted(ManifestVersion.FIRST, "\"etag\"", wanted, false);
        var memory = new Memory(Optional.of(accepted), held, new TreeMap<>(), Optional.of(CAPABILITIES));
        return situation(memory, running, pace().troubled(NOW.plusSeconds(60)));
    }

    private static Situation situation(Memory memory, Map<WorkloadId, Observed> running, Pace pace) {
        return new Situation(
                memory,
                Optional.empty(),
                running,
                new Situation.Shelf(
                        digest -> DOCUMENTS.stream()
                                .filter(document -> document.digest().equals(digest))
                                .findFirst()
                                .map(TodoTest::read),
                        digest -> DOCUMENTS.stream()
                                .anyMatch(document -> document.digest().equals(digest)),
                        ARTIFACT::equals),
                new Situation.Device(CAPABILITIES, _ -> Optional.empty()),
                pace,
                NOW);
    }

    private static Held held(Blob document, Optional<Failure> failure) {
        var failures = new TreeMap<ComponentName, Failure>();
        failure.ifPresent(present -> failures.put(MONITOR, present));
        var pins = new TreeMap<ComponentName, Pin>();
        pins.put(MONITOR, PIN);
        return new Held(document.digest(), ManifestVersion.FIRST, NOW, pins, failures);
    }

    private static SortedMap<DeploymentId, Held> holding(Held held) {
        var all = new TreeMap<DeploymentId, Held>();
        all.put(Bench.id(1), held);
        return all;
    }

    private static SortedMap<DeploymentId, Digest> wanting(Blob document) {
        var all = new TreeMap<DeploymentId, Digest>();
        all.put(Bench.id(1), document.digest());
        return all;
    }

    private static Map<WorkloadId, Observed> running(Blob document, Condition condition) {
        var id = new WorkloadId(Bench.id(1), MONITOR);
        return Map.of(id, new Observed(id, revision(document), condition));
    }

    /// All worlds of one deployment: wanted in two contents or not at all, held in two contents or not at all, running
    /// in two contents or not at all. Local work alone ends each of them in the wanted state.
    @Test
    @Requirement({"MI-072", "MI-073"})
    void everySmallWorldHasTheOneRightNextStep() {
        List<Optional<Blob>> choices =
                List.of(Optional.empty(), Optional.of(DOCUMENTS.get(0)), Optional.of(DOCUMENTS.get(1)));
        for (Optional<Blob> wanted : choices) {
            for (Optional<Blob> held : choices) {
                for (Optional<Blob> runs : choices) {
                    Todo todo = Todo.next(alone(
                            wanted.map(TodoTest::wanting).orElseGet(TreeMap::new),
                            held.map(document -> holding(held(document, Optional.empty())))
                                    .orElseGet(TreeMap::new),
                            runs.map(document -> running(document, new Condition.Running()))
                                    .orElseGet(Map::of)));
                    assertEquals(expected(wanted, held, runs), todo.getClass(), wanted + " / " + held + " / " + runs);
                }
            }
        }
    }

    private static Class<? extends Todo> expected(Optional<Blob> wanted, Optional<Blob> held, Optional<Blob> runs) {
        if (runs.isPresent() && (wanted.isEmpty() || held.isEmpty())) {
            return Todo.Stop.class;
        }
        if (wanted.isEmpty()) {
            return Todo.Rest.class;
        }
        if (!held.equals(wanted)) {
            return Todo.Begin.class;
        }
        return runs.equals(wanted) ? Todo.Rest.class : Todo.Start.class;
    }

    @Test
    void whatHasToStopStopsInTheOrderOfIds() {
        var running = new HashMap<WorkloadId, Observed>();
        IntStream.rangeClosed(1, 40).forEach(number -> {
            var id = new WorkloadId(Bench.id(number), MONITOR);
            running.put(id, new Observed(id, ARTIFACT, new Condition.Running()));
        });
        for (int number = 1; number <= 40; number++) {
            Todo.Stop stop =
                    assertInstanceOf(Todo.Stop.class, Todo.next(alone(new TreeMap<>(), new TreeMap<>(), running)));
            assertEquals(Bench.id(number), stop.id().deployment());
            running.remove(stop.id());
        }
    }

    private static Failure failure(Duration until) {
        return new Failure("EXITED", "it ended", 1, Optional.of(NOW.plus(until)));
    }

    @Test
    void aFailureWaitsForItsTimeAndNotForeverAfterTheClockWentBack() {
        Blob document = DOCUMENTS.get(0);
        for (var wait : Map.of(
                        Duration.ofSeconds(0), Todo.Start.class,
                        Duration.ofSeconds(5), Todo.Rest.class,
                        Bench.POLLING.longest(), Todo.Rest.class,
                        Bench.POLLING.longest().plusSeconds(1), Todo.Start.class)
                .entrySet()) {
            Situation now =
                    alone(wanting(document), holding(held(document, Optional.of(failure(wait.getKey())))), Map.of());
            assertEquals(
                    wait.getValue(), Todo.next(now).getClass(), wait.getKey().toString());
        }
    }

    @Test
    void aDeploymentThatFailedRestsUntilItsNextTry() {
        Blob document = DOCUMENTS.get(0);
        Situation now = alone(
                wanting(document), holding(held(document, Optional.of(failure(Duration.ofSeconds(5))))), Map.of());
        assertEquals(new Todo.Rest(NOW.plusSeconds(5)), Todo.next(now));
    }

    @Test
    @Requirement("MI-076")
    void aDeviceThatIsUnknownIntroducesItselfFirst() {
        assertEquals(new Todo.Introduce(), Todo.next(situation(Memory.EMPTY, Map.of(), Pace.at(NOW, Bench.POLLING))));
    }

    @Test
    void aDeviceThatIsKnownPolls() {
        var memory = Memory.EMPTY.reporting(CAPABILITIES);
        assertEquals(new Todo.Poll(), Todo.next(situation(memory, Map.of(), Pace.at(NOW, Bench.POLLING))));
        assertEquals(new Todo.Rest(NOW.plusSeconds(30)), Todo.next(situation(memory, Map.of(), pace())));
    }

    @Test
    @Requirement("MI-026")
    void aWfmThatSaidLaterIsNotAsked() {
        var later = Pace.at(NOW, Bench.POLLING).troubled(NOW.plusSeconds(20));
        assertInstanceOf(Todo.Rest.class, Todo.next(situation(Memory.EMPTY, Map.of(), later)));
    }

    @Test
    @Requirement({"MI-107", "MI-108", "MI-109", "MI-111", "MI-119"})
    void theTruthFollowsWhatIsHeldAndWhatRuns() {
        Blob document = DOCUMENTS.get(0);
        assertEquals(State.INSTALLING, truth(document, Optional.empty(), Map.of()));
        assertEquals(State.INSTALLING, truth(document, Optional.empty(), running(document, new Condition.Starting())));
        assertEquals(State.INSTALLED, truth(document, Optional.empty(), running(document, new Condition.Running())));
        assertEquals(
                State.FAILED,
                truth(document, Optional.empty(), running(document, new Condition.Failed("EXITED", "it ended"))));
        assertEquals(
                State.INSTALLING,
                truth(document, Optional.empty(), running(DOCUMENTS.get(1), new Condition.Running())));
        assertEquals(State.FAILED, truth(document, Optional.of(failure(Duration.ZERO)), Map.of()));
    }

    private static State truth(Blob document, Optional<Failure> failure, Map<WorkloadId, Observed> running) {
        Held held = held(document, failure);
        return Truth.status(alone(wanting(document), holding(held), running), Bench.id(1), held)
                .state();
    }

    @Test
    @Requirement({"MI-073", "MI-112"})
    void aRemovalIsToldWithTheVersionThatNoLongerListsIt() {
        Held held = held(DOCUMENTS.get(0), Optional.empty());
        Situation still = alone(new TreeMap<>(), holding(held), running(DOCUMENTS.get(0), new Condition.Running()));
        assertEquals(State.REMOVING, Truth.status(still, Bench.id(1), held).state());
        Situation gone = alone(new TreeMap<>(), holding(held), Map.of());
        assertEquals(State.REMOVED, Truth.status(gone, Bench.id(1), held).state());
        assertEquals(
                ManifestVersion.FIRST, Truth.status(gone, Bench.id(1), held).adopted());
    }

    @Test
    void aDocumentThatCannotBeReadIsReportedAsFailed() {
        var held = new Held(
                Blob.utf8("not a deployment").digest(), ManifestVersion.FIRST, NOW, new TreeMap<>(), new TreeMap<>());
        var wanted = new TreeMap<DeploymentId, Digest>();
        wanted.put(Bench.id(1), held.document());
        var status = Truth.status(alone(wanted, holding(held), Map.of()), Bench.id(1), held);
        assertEquals(State.FAILED, status.state());
        assertTrue(status.error().orElseThrow().code().contains("INVALID_DEPLOYMENT"));
    }
}
