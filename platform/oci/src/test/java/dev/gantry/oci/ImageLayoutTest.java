// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageLayoutTest {
    @TempDir
    Path folder;

    private static Descriptor fill(ImageLayout layout) {
        Descriptor file = layout.put("text/plain", Blob.utf8("hello")).with(OciTypes.TITLE, "hello.txt");
        layout.put(OciTypes.EMPTY, Descriptor.EMPTY);
        return layout.put(Manifest.artifact("application/x-test", List.of(file), new LinkedHashMap<>()), "1.0.0");
    }

    @Test
    void whatWasSavedIsThereAgain() {
        ImageLayout written = ImageLayout.create(folder);
        Descriptor manifest = fill(written);
        written.save();

        ImageLayout read = ImageLayout.open(folder);

        assertEquals(manifest.digest(), read.entry("1.0.0").digest());
        assertEquals(written.blob(manifest.digest()), read.blob(manifest.digest()));
        Manifest value = Manifest.read(read.blob(manifest.digest())).value();
        assertEquals("application/x-test", value.artifactType().orElseThrow());
        assertEquals(
                "hello.txt",
                value.layers().getFirst().annotation(OciTypes.TITLE).orElseThrow());
    }

    @Test
    void aFolderThatWasNotSavedIsNoLayout() {
        fill(ImageLayout.create(folder));

        assertEquals(
                Fault.Kind.MISSING,
                assertThrows(Fault.class, () -> ImageLayout.open(folder)).kind());
    }

    @Test
    void anAlteredBlobCountsAsMissing() throws IOException {
        ImageLayout layout = ImageLayout.create(folder);
        Descriptor manifest = fill(layout);
        layout.save();
        Files.writeString(
                folder.resolve("blobs/sha256").resolve(manifest.digest().hex()), "other");

        assertEquals(
                Fault.Kind.MISSING,
                assertThrows(Fault.class, () -> ImageLayout.open(folder).blob(manifest.digest()))
                        .kind());
    }

    @Test
    void anIndexThatIsNoneIsRefused() throws IOException {
        fill(ImageLayout.create(folder));
        ImageLayout.create(folder).save();
        Files.writeString(folder.resolve("index.json"), "{\"manifests\":[{\"digest\":\"sha256:x\"}]}");

        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> ImageLayout.open(folder)).kind());
    }

    @Test
    void copyingTakesEverythingAManifestPointsTo() {
        ImageLayout from = ImageLayout.inMemory();
        Descriptor manifest = fill(from);
        ImageLayout to = ImageLayout.inMemory();

        from.copy("1.0.0", to);

        assertEquals(from.children(manifest), to.children(to.entry("1.0.0")));
        to.children(manifest).forEach(child -> to.blob(child.digest()));
    }
}
