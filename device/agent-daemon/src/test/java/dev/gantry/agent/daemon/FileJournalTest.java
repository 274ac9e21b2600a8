// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.Memory;
import dev.gantry.agent.Memory.Accepted;
import dev.gantry.agent.Memory.Failure;
import dev.gantry.agent.Memory.Held;
import dev.gantry.agent.Memory.Pin;
import dev.gantry.agent.Memory.Told;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ErrorDetail;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123456789Z");
    private static final DeploymentId ONE = new DeploymentId("11111111-1111-4111-8111-111111111111");
    private static final DeploymentId TWO = new DeploymentId("22222222-2222-4222-8222-222222222222");
    private static final ComponentName PART = new ComponentName("part-a");
    private static final ComponentName OTHER = new ComponentName("part-b");
    private static final ManifestVersion LARGEST = new ManifestVersion(-1);

    @TempDir
    Path folder;

    private FileJournal journal() {
        return new FileJournal(folder.resolve("journal.json"), new ManualClock(NOW));
    }

    private static Digest digest(String text) {
        return Blob.utf8(text).digest();
    }

    private static Memory full() {
        var accepted = new Accepted(
                LARGEST, "\"" + digest("m") + "\"", new TreeMap<>(Map.of(ONE, digest("1"), TWO, digest("2"))), true);
        var held = new Held(
                digest("1"),
                new ManifestVersion(1L << 60),
                NOW,
                new TreeMap<>(Map.of(PART, new Pin("registry.example/a/b:1.0.0", digest("artifact")))),
                new TreeMap<>(Map.of(
                        PART, new Failure("PULL_FAILED", "no \"registry\"\n", 3, Optional.of(NOW.plusNanos(1))),
                        OTHER, new Failure("WASM_TRAP", "", 1, Optional.empty()))));
        var error = new ErrorDetail("PULL_FAILED", "part-a", "no registry");
        var status = new DeploymentStatus(
                ONE,
                Optional.of(new DeviceId("gateway/child")),
                LARGEST,
                State.FAILED,
                Optional.of(error),
                List.of(
                        new DeploymentStatus.Component(PART, State.FAILED, Optional.of(error)),
                        new DeploymentStatus.Component(OTHER, State.INSTALLED, Optional.empty())));
        return new Memory(
                Optional.of(accepted),
                new TreeMap<>(Map.of(ONE, held)),
                new TreeMap<>(Map.of(ONE, new Told(digest("1"), status))),
                Optional.of(digest("capabilities")));
    }

    @Test
    @Requirement({"MI-040", "MI-041"})
    void everyFieldComesBackExactly() {
        journal().save(full());

        assertEquals(full(), journal().load());
    }

    @Test
    void theEmptyMemoryComesBackToo() {
        assertEquals(Memory.EMPTY, journal().load());

        journal().save(Memory.EMPTY);

        assertEquals(Memory.EMPTY, journal().load());
    }

    @Test
    void whatWasSavedLastIsLoaded() {
        journal().save(full());
        journal().save(Memory.EMPTY);

        assertEquals(Memory.EMPTY, journal().load());
    }

    /// Cut at every length: whatever is left is recognised as damage, never taken for a memory.
    @Test
    void aTruncatedJournalIsSetAsideAndTheAgentStartsEmpty() throws IOException {
        byte[] whole = MemoryDocument.write(full()).toByteArray();
        for (int length = 0; length < whole.length; length += 7) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(Fault.class, () -> MemoryDocument.read(Blob.of(part)), "cut at " + part.length);
        }
        Files.write(folder.resolve("journal.json"), Arrays.copyOf(whole, whole.length / 2));

        assertEquals(Memory.EMPTY, journal().load());

        assertFalse(Files.exists(folder.resolve("journal.json")));
        Path aside = folder.resolve("journal.json.damaged-" + NOW.toEpochMilli());
        assertEquals(whole.length / 2, Files.size(aside));
    }

    @Test
    void aJournalOfALaterFormIsNotUnderstoodByHalf() {
        String later = MemoryDocument.write(full()).text().replace("\"form\":1", "\"form\":2");

        Fault fault = assertThrows(Fault.class, () -> MemoryDocument.read(Blob.utf8(later)));

        assertTrue(fault.getMessage().contains("form"), fault.getMessage());
    }

    @Test
    void wrongFieldsAreNamed() {
        String text = MemoryDocument.write(full()).text();
        for (String[] change : new String[][] {
            {"\"version\":18446744073709551615", "\"version\":18446744073709551616"},
            {"\"attempts\":3", "\"attempts\":3.5"},
            {"\"attempts\":3", "\"attempts\":99999999999"},
            {"\"begun\":\"2026", "\"begun\":\"20x6"},
            {"\"capabilities\":\"sha256", "\"capabilities\":\"sha512"},
            {ONE.value(), "no id"},
            {"\"told\":", "\"tolled\":"}
        }) {
            assertTrue(text.contains(change[0]), change[0]);
            assertThrows(
                    Fault.class, () -> MemoryDocument.read(Blob.utf8(text.replace(change[0], change[1]))), change[1]);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("file"), "no folder");
        var nowhere = new FileJournal(inTheWay.resolve("journal.json"), new ManualClock(NOW));

        Fault save = assertThrows(Fault.class, () -> nowhere.save(full()));
        Fault load = assertThrows(Fault.class, nowhere::load);

        assertEquals(Fault.Kind.UNAVAILABLE, save.kind());
        assertTrue(save.getMessage().contains("journal.json"), save.getMessage());
        assertEquals(Fault.Kind.UNAVAILABLE, load.kind());
    }
}
