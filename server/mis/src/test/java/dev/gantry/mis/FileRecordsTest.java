// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.SpkiPin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRecordsTest extends RecordsContract {
    @TempDir
    Path folder;

    @Override
    Records fresh() {
        return FileRecords.create(folder.resolve("records.json"), FACTORY);
    }

    private static State full() {
        var root = CertificateAuthority.newRoot(
                FACTORY, KeyAlgorithm.ECDSA_P256, Duration.ofDays(1), InstantSource.system(), new SecureRandom());
        var pin = SpkiPin.of(root.leaf());
        Instant time = Instant.parse("2026-02-01T00:00:00Z");
        return State.fresh(FACTORY)
                .with(new State.Published(7, Blob.EMPTY.digest()))
                .with("open", token("open").wrong())
                .with("spent", token("spent").spent(new State.Use(pin, root.chain())))
                .with(
                        token("spent").identity().spiffeId(),
                        new State.Enrolled(time, time.plusSeconds(9), List.of(pin)));
    }

    @Test
    void everyFieldIsThereAfterARestart() throws IOException {
        Path file = folder.resolve("records.json");
        Records records = fresh();
        assertTrue(records.replace(records.state(), full()));
        assertEquals(records.state(), FileRecords.open(file).state());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aDamagedFileStopsTheStartAndIsNamed() throws IOException {
        String good = StateDocument.write(full()).text();
        for (String bad : List.of(
                "",
                "[]",
                good.substring(1),
                good.replace("\"version\":1", "\"version\":2"),
                good.replace("\"version\":1", "\"version\":1,\"more\":1"),
                good.replace("\"wrongSecrets\":1", "\"wrongSecrets\":1.5"),
                good.replace("\"usedWith\"", "\"usedBy\""),
                good.replace("\"identities\"", "\"people\""),
                good.replace("/margo/", "/other/"),
                good.replace("2026-02-01T00:00:00Z", "soon"))) {
            Path file = folder.resolve("bad.json");
            Files.writeString(file, bad);
            Fault fault = assertThrows(Fault.class, () -> FileRecords.open(file), bad);
            assertEquals(Fault.Kind.INVALID, fault.kind());
            assertTrue(fault.getMessage().contains(file.toString()), fault::getMessage);
        }
    }

    @Test
    void whatCannotBeWrittenIsNotThePresentState() throws IOException {
        Records records =
                FileRecords.create(Files.createDirectory(folder.resolve("gone")).resolve("records.json"), FACTORY);
        State before = records.state();
        Files.delete(folder.resolve("gone/records.json"));
        Files.delete(folder.resolve("gone"));
        Fault fault = assertThrows(Fault.class, () -> records.replace(before, before.with("x", token("x"))));
        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertEquals(before, records.state());
    }
}
