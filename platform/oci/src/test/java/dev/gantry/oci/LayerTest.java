// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerTest {
    private static byte[] unzipped(Blob blob) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(blob.toByteArray()))) {
            return in.readAllBytes();
        }
    }

    @Test
    void equalFilesGiveEqualBytesInWhateverOrderTheyCome() {
        var one = new Layer().file("/b", Blob.utf8("b"), true).file("/a/c", Blob.utf8("c"), false);
        var other = new Layer().file("/a/c", Blob.utf8("c"), false).file("/b", Blob.utf8("b"), true);

        assertEquals(one.pack().blob(), other.pack().blob());
    }

    @Test
    void theConfigNamesTheUncompressedLayer() throws IOException {
        var packed = new Layer().file("/a", Blob.utf8("x"), false).pack();

        assertEquals(Digest.of(unzipped(packed.blob())), packed.diffId());
    }

    /// GNU tar is a reader that we did not write.
    @Test
    void anotherTarReadsNamesModesLinksAndContent(@TempDir Path folder) throws IOException, InterruptedException {
        String deep = "/" + "d".repeat(60) + "/" + "e".repeat(60) + "/f";
        Path source = Files.writeString(folder.resolve("source"), "from a file");
        var layer = new Layer()
                .file("/bin/run", source, true)
                .file(deep, Blob.utf8("deep"), false)
                .link("/lib64", "lib")
                .folder("/tmp");
        Path tar =
                Files.write(folder.resolve("layer.tar.gz"), layer.pack().blob().toByteArray());

        Process list = new ProcessBuilder("tar", "-tvzf", tar.toString(), "--numeric-owner")
                .redirectErrorStream(true)
                .start();
        String out = new String(list.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertEquals(0, list.waitFor(), out);
        assertTrue(out.contains("-rwxr-xr-x 0/0"), out);
        assertTrue(out.contains("1970-01-01 00:00 bin/run"), out);
        assertTrue(out.contains(deep.substring(1)), out);
        assertTrue(out.contains("lib64 -> lib"), out);
        assertTrue(out.contains("drwxr-xr-x"), out);
    }

    @Test
    void anImageIsTheSameEachTimeAndItsConfigFitsItsLayers() {
        var environment = new LinkedHashMap<String, String>();
        environment.put("A", "1");
        var start = new ImageWriter.Start("amd64", List.of("/bin/run", "-x"), environment, "65532:65532", 8080);
        var packed = new Layer().file("/bin/run", Blob.utf8("#!"), true).pack();
        ImageLayout layout = ImageLayout.inMemory();

        Descriptor one = new ImageWriter().layer(packed).label("k", "v").write(start, layout, "one");
        Descriptor two = new ImageWriter().layer(packed).label("k", "v").write(start, layout, "two");

        assertEquals(one.digest(), two.digest());
        Manifest manifest = Manifest.read(layout.blob(one.digest())).value();
        Tree.Obj config = (Tree.Obj) Json.read(layout.blob(manifest.config().digest()));
        assertEquals(
                Json.read(Blob.utf8("{\"type\":\"layers\",\"diff_ids\":[\"" + packed.diffId() + "\"]}")),
                config.get("rootfs").orElseThrow());
        assertEquals(
                Json.read(Blob.utf8("{\"User\":\"65532:65532\",\"Env\":[\"A=1\"],\"Entrypoint\":[\"/bin/run\",\"-x\"],"
                        + "\"ExposedPorts\":{\"8080/tcp\":{}},\"Labels\":{\"k\":\"v\"}}")),
                config.get("config").orElseThrow());
    }
}
