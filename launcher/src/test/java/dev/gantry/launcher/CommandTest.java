// SPDX-License-Identifier: Apache-2.0
package dev.gantry.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandTest {
    private static final List<String> TABLE =
            List.of("# remark", "", "agent\ta.jar b.jar\tx.Agent\t-Xmx1m", "*\tcli.jar\tx.Cli\t");

    @Test
    void aProcessGetsTheWordsAfterItsName() {
        Command agent = Command.named("agent", Command.table(TABLE)).orElseThrow();
        assertEquals(new Command("agent", List.of("a.jar", "b.jar"), "x.Agent", "-Xmx1m"), agent);
        assertEquals(List.of("--config", "f"), agent.arguments(List.of("agent", "--config", "f")));
    }

    @Test
    void everythingElseIsTheCommandLineWithAllWords() {
        Command cli = Command.named("get", Command.table(TABLE)).orElseThrow();
        assertEquals("x.Cli", cli.main());
        assertEquals(List.of("get", "apps"), cli.arguments(List.of("get", "apps")));
        assertEquals(List.of(), cli.arguments(List.of()));
    }

    @Test
    void aTableWithoutAFittingRowNamesNothing() {
        assertEquals(Optional.empty(), Command.named("get", Command.table(TABLE.subList(0, 3))));
    }

    @Test
    void aRowWithBlanksForTabsIsNamedInTheError() {
        var thrown =
                assertThrows(IllegalArgumentException.class, () -> Command.table(List.of("agent a.jar x.Agent -X")));
        assertTrue(thrown.getMessage().contains("agent a.jar"), thrown::getMessage);
    }

    @Test
    void theShippedTableCanBeReadAndEndsWithTheCommandLine() throws IOException {
        List<Command> shipped = Command.table(Files.readAllLines(Path.of("src/main/dist/lib/commands.tsv")));
        assertEquals(
                List.of("server", "mis", "registry", "agent", "smartcam-images", "*"),
                shipped.stream().map(Command::name).toList());
    }
}
