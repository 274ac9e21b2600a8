// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.content.Blob;
import dev.gantry.spec.Requirement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProjectStateTest {
    private static final String REVISION = Blob.EMPTY.digest().value();

    private static ProjectState.Container container(String state, String health, int exit, boolean once) {
        return new ProjectState.Container("web", state, health, exit, Optional.of(Blob.EMPTY.digest()), once);
    }

    @Test
    void linesAndArraysOfPsAreRead() {
        String one = "{\"Service\":\"web\",\"State\":\"running\",\"Health\":\"healthy\",\"ExitCode\":0,"
                + "\"Labels\":\"a=b,dev.gantry.revision=" + REVISION + ",dev.gantry.once=true\"}";
        var expected = container("running", "healthy", 0, true);
        assertEquals(List.of(expected, expected), ProjectState.read(one + "\n\n" + one + "\n"));
        assertEquals(List.of(expected, expected), ProjectState.read("[" + one + "," + one + "]"));
        assertEquals(List.of(), ProjectState.read("[]"));
        assertEquals(List.of(), ProjectState.read(""));
    }

    @ParameterizedTest
    @Requirement({"AD-098", "AD-099", "AD-100"})
    @CsvSource({
        "running, '', 0, false, Running",
        "running, healthy, 0, false, Running",
        "running, starting, 0, false, Starting",
        "running, unhealthy, 0, false, COMPOSE_UNHEALTHY",
        "created, '', 0, false, Starting",
        "exited, '', 0, true, Running",
        "exited, '', 1, true, COMPOSE_EXITED",
        "exited, '', 0, false, COMPOSE_EXITED",
        "exited, '', 137, false, COMPOSE_EXITED",
        "restarting, '', 1, false, COMPOSE_EXITED",
        "restarting, '', 0, true, COMPOSE_EXITED",
        "dead, '', 0, false, COMPOSE_EXITED",
        "paused, '', 0, false, COMPOSE_PAUSED",
    })
    void everyStateOfAContainerHasItsMeaning(String state, String health, int exit, boolean once, String meaning) {
        Condition condition = ProjectState.condition(
                List.of(container("running", "healthy", 0, false), container(state, health, exit, once)));
        String shown = switch (condition) {
            case Condition.Failed(var code, var _) -> code;
            case Condition.Running _ -> "Running";
            case Condition.Starting _ -> "Starting";
            case Condition.Stopping _ -> "Stopping";
        };
        assertEquals(meaning, shown);
    }

    @Test
    void aRevisionCountsOnlyWhenAllContainersHaveIt() {
        var mine = container("running", "", 0, false);
        var other = new ProjectState.Container(
                "db", "running", "", 0, Optional.of(Blob.utf8("other").digest()), false);
        assertEquals(Optional.of(Blob.EMPTY.digest()), ProjectState.revision(List.of(mine, mine)));
        assertEquals(Optional.empty(), ProjectState.revision(List.of(mine, other)));
        assertEquals(Optional.empty(), ProjectState.revision(List.of()));
    }
}
