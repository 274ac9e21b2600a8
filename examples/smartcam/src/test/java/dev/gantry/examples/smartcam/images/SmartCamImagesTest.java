// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.Manifest;
import dev.gantry.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmartCamImagesTest {
    private static final int MOST_BYTES = 40 << 20;

    @Test
    void bothImagesShareTheRuntimeAndHaveTheirOwnClasses() {
        ImageLayout layout = ImageLayout.inMemory();

        List<Reference> written = SmartCamImages.write(layout, "127.0.0.1:5000", "1.0.0");

        assertEquals(
                List.of("127.0.0.1:5000/smartcam/camera:1.0.0", "127.0.0.1:5000/smartcam/viewer:1.0.0"),
                written.stream().map(Reference::toString).toList());
        List<Manifest> manifests = written.stream()
                .map(reference -> layout.blob(layout.entry(reference.toString()).digest()))
                .map(blob -> Manifest.read(blob).value())
                .toList();
        assertEquals(
                manifests.get(0).layers().getFirst(), manifests.get(1).layers().getFirst());
        var own = new HashSet<>(List.of(
                manifests.get(0).layers().getLast().digest(),
                manifests.get(1).layers().getLast().digest()));
        assertEquals(2, own.size());
        assertTrue(manifests.getFirst().layers().getFirst().size() < MOST_BYTES, "the runtime is trimmed");
    }

    @Test
    void theLinkerAndTheLibrariesOfThisJavaAreFound() {
        Path java = Path.of(System.getProperty("java.home"));

        var found = Libraries.of(java);

        assertTrue(found.contains(Libraries.interpreter(java.resolve("bin/java"))), found::toString);
        assertTrue(found.stream().anyMatch(file -> file.endsWith("libc.so.6")), found::toString);
        assertTrue(found.stream().noneMatch(file -> file.startsWith(java)), found::toString);
    }

    @Test
    void whatIsNoProgramIsNamed(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "not a program");

        Fault fault = assertThrows(Fault.class, () -> Libraries.interpreter(text));

        assertTrue(fault.getMessage().contains(text.toString()), fault::getMessage);
    }
}
