// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every runtime must do, whatever engine is behind it. Whoever writes one extends this.
public abstract class RuntimeContract {
    private static final long PATIENCE_SECONDS = 60;

    private Runtime runtime;

    /// The runtime over one folder, the same in every call within a test: what a started agent does.
    protected abstract Runtime open();

    /// A workload that goes on for ever.
    ///
    /// @param content which of two versions of its artifact
    /// @param parameter a value that it is given
    protected abstract Workload lasting(WorkloadId id, int content, String parameter);

    /// A workload that ends badly as soon as it is started, again and again.
    protected abstract Workload crashing(WorkloadId id);

    /// Names the instance that runs now; another one after each start.
    protected abstract String instance(Runtime of, WorkloadId id);

    /// The id of a workload of this test.
    protected static WorkloadId id(int number) {
        return new WorkloadId(
                new DeploymentId("00000000-0000-4000-8000-%012d".formatted(number)), new ComponentName("contract"));
    }

    @BeforeEach
    final void openFirst() {
        runtime = open();
    }

    @AfterEach
    final void removeAll() throws WorkloadException {
        if (runtime == null) {
            return; // It could not be opened here, which has been said.
        }
        for (Observed each : runtime.running()) {
            runtime.remove(each.id());
        }
        await("that nothing is left", () -> runtime.running().isEmpty());
        runtime.close();
    }

    private Optional<Observed> observed(int number) {
        return runtime.running().stream()
                .filter(each -> each.id().equals(id(number)))
                .findFirst();
    }

    private void awaitRunning(Workload workload) {
        await(
                workload.id() + " to run at its revision",
                () -> runtime.running()
                        .contains(new Observed(workload.id(), workload.revision(), new Condition.Running())));
    }

    private void await(String what, BooleanSupplier until) {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000;
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited for " + what + " but found " + runtime.running());
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Workload ensured(Workload workload) throws WorkloadException {
        runtime.ensure(workload);
        awaitRunning(workload);
        return workload;
    }

    @Test
    void whatIsWantedRunsAtItsRevision() throws WorkloadException {
        ensured(lasting(id(1), 1, "a"));
    }

    @Test
    void wantingItAgainChangesNothing() throws WorkloadException {
        Workload workload = ensured(lasting(id(1), 1, "a"));
        String before = instance(runtime, id(1));
        runtime.ensure(workload);
        awaitRunning(workload);
        assertEquals(before, instance(runtime, id(1)));
    }

    @Test
    void aChangedParameterMakesAnotherInstanceOfThisWorkloadOnly() throws WorkloadException {
        ensured(lasting(id(1), 1, "a"));
        ensured(lasting(id(2), 1, "a"));
        String first = instance(runtime, id(1));
        String second = instance(runtime, id(2));
        ensured(lasting(id(1), 1, "b"));
        assertNotEquals(first, instance(runtime, id(1)));
        assertEquals(second, instance(runtime, id(2)));
    }

    @Test
    void anUpdateReplacesTheOldRevision() throws WorkloadException {
        ensured(lasting(id(1), 1, "a"));
        ensured(lasting(id(1), 2, "a"));
        assertEquals(1, runtime.running().size());
    }

    @Test
    void whatIsRemovedIsGoneAndItsNeighbourRunsOn() throws WorkloadException {
        ensured(lasting(id(1), 1, "a"));
        Workload neighbour = ensured(lasting(id(2), 1, "a"));
        String before = instance(runtime, id(2));
        runtime.remove(id(1));
        await("its absence", () -> observed(1).isEmpty());
        awaitRunning(neighbour);
        assertEquals(before, instance(runtime, id(2)));
    }

    @Test
    void removingWhatIsNotThereIsNoError() throws WorkloadException {
        runtime.remove(id(9));
        assertEquals(List.of(), runtime.running());
    }

    @Test
    void whatCrashesIsFailedWithACodeAndLeavesItsNeighbourAlone() throws WorkloadException {
        Workload neighbour = ensured(lasting(id(2), 1, "a"));
        runtime.ensure(crashing(id(1)));
        await(
                "a failure",
                () -> observed(1)
                        .filter(now -> now.condition() instanceof Condition.Failed(var code, var message)
                                && !code.isBlank()
                                && !message.isBlank())
                        .isPresent());
        awaitRunning(neighbour);
    }

    @Test
    void aRestartedAgentFindsWhatRunsWithoutAskingForIt() throws WorkloadException {
        Workload workload = ensured(lasting(id(1), 1, "a"));
        runtime.close();
        runtime = open();
        awaitRunning(workload);
        runtime.ensure(workload);
        awaitRunning(workload);
    }

    @Test
    void whatWasRemovedStaysGoneAfterARestart() throws WorkloadException {
        ensured(lasting(id(1), 1, "a"));
        runtime.remove(id(1));
        await("its absence", () -> observed(1).isEmpty());
        runtime.close();
        runtime = open();
        assertEquals(List.of(), runtime.running());
    }
}
