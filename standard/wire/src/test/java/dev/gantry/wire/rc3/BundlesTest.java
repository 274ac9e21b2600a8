// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire.rc3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.StateManifest;
import dev.gantry.testkit.Seeds;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BundlesTest {
    private static SortedMap<DeploymentId, Blob> documents(int count) {
        var documents = new TreeMap<DeploymentId, Blob>();
        for (int number = 1; number <= count; number++) {
            var id = new DeploymentId("00000000-0000-4000-8000-%012d".formatted(number));
            documents.put(id, Blob.utf8("id: " + id + "\n"));
        }
        return documents;
    }

    private static StateManifest manifest(SortedMap<DeploymentId, Blob> documents) {
        return new StateManifest(
                ManifestVersion.FIRST,
                Optional.empty(),
                documents.entrySet().stream()
                        .map(entry -> new StateManifest.Entry(
                                entry.getKey(),
                                entry.getValue().digest(),
                                Paths.ROOT.deployment(
                                        entry.getKey(), entry.getValue().digest())))
                        .toList());
    }

    private static void assertRefused(Blob bundle) {
        Fault fault = assertThrows(Fault.class, () -> Bundles.read(bundle, manifest(documents(2))));
        assertEquals(Fault.Kind.INVALID, fault.kind());
    }

    private static Blob packed(Object... namesAndBlobs) {
        SequencedMap<String, Blob> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndBlobs.length; i += 2) {
            files.put((String) namesAndBlobs[i], (Blob) namesAndBlobs[i + 1]);
        }
        return Archive.write(files);
    }

    @Test
    @Requirement({"MI-059", "DP-026"})
    void whatIsPackedIsUnpackedAndEqualDocumentsGiveEqualBytes() {
        assertEquals(documents(2), Bundles.read(Bundles.write(documents(2)), manifest(documents(2))));
        assertEquals(Bundles.write(documents(2)), Bundles.write(documents(2)));
    }

    @Test
    @Requirement("MI-044")
    void anEmptyBundleIsNeverMade() {
        assertThrows(Fault.class, () -> Bundles.write(documents(0)));
    }

    @Test
    @Requirement("MI-059")
    void namesOfFilesMeanNothing() {
        Blob first = documents(2).firstEntry().getValue();
        Blob second = documents(2).lastEntry().getValue();
        assertEquals(documents(2), Bundles.read(packed("./b", first, "a", second), manifest(documents(2))));
    }

    @Test
    @Requirement({"MI-059", "MI-066", "MI-067"})
    void aBundleThatIsNotExactlyTheManifestsIsRefused() {
        Blob first = documents(2).firstEntry().getValue();
        Blob second = documents(2).lastEntry().getValue();
        assertRefused(packed("a", first));
        assertRefused(packed("a", first, "b", Blob.utf8("other")));
        assertRefused(packed("a", first, "b", second, "c", Blob.utf8("more")));
        assertRefused(packed("a", first, "b", second, "c", second));
        assertRefused(packed("folder/a", first, "b", second));
        assertRefused(packed("../a", first, "b", second));
        assertRefused(packed("a", first, "b", Blob.of(new byte[(1 << 20) + 1])));
        assertRefused(Blob.EMPTY);
        assertRefused(Blob.utf8("no archive"));
    }

    @Seeds(200)
    void aDamagedBundleIsRefusedAndNothingElseHappens(long seed) {
        var chance = new SplittableRandom(seed);
        byte[] bytes = Bundles.write(documents(2)).toByteArray();
        bytes[chance.nextInt(bytes.length)] ^= (byte) (1 << chance.nextInt(8));
        try {
            assertEquals(documents(2), Bundles.read(Blob.of(bytes), manifest(documents(2))));
        } catch (Fault fault) {
            assertEquals(Fault.Kind.INVALID, fault.kind());
        }
    }
}
