// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path folder;

    @Test
    void aSecondAgentOnTheSameFolderIsTurnedAway() {
        try (var _ = StateFolder.take(folder)) {
            CannotStart refused = assertThrows(CannotStart.class, () -> StateFolder.take(folder));

            assertEquals(Exit.IN_USE, refused.exit());
            assertEquals(5, refused.exit().code());
            assertTrue(String.valueOf(refused.getMessage()).contains(folder.toString()));
        }
        StateFolder.take(folder).close();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");

        CannotStart refused = assertThrows(CannotStart.class, () -> StateFolder.take(file.resolve("state")));

        assertEquals(Exit.UNUSABLE, refused.exit());
        assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()));
    }

    @Test
    void whatAnEarlierProcessLeftHalfWrittenIsSweptAway() throws IOException {
        Path left = Files.writeString(folder.resolve(".new-123"), "half");
        Files.createDirectory(folder.resolve("artifacts"));
        Path blob = Files.writeString(folder.resolve("artifacts/.new-456"), "half");
        Path journal = Files.writeString(folder.resolve("journal.json"), "{}");

        StateFolder.take(folder).close();

        assertFalse(Files.exists(left));
        assertFalse(Files.exists(blob));
        assertTrue(Files.exists(journal));
    }
}
