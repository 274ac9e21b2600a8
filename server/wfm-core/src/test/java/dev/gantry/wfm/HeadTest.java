// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.content.Blob;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.StateManifest;
import dev.gantry.wire.rc3.Bundles;
import dev.gantry.wire.rc3.Paths;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The worked vectors of the management interface: two documents, and the bytes of the manifests around them.
class HeadTest {
    private static final DeploymentId PRESS_MONITOR = new DeploymentId("0b9f3c52-6d0e-4c1b-9a51-2f6a1c7e4d10");
    private static final DeploymentId HISTORIAN = new DeploymentId("c41e7a88-93b5-4f0a-8d27-5be0c9d3f6a2");
    private static final String EMPTY = "{\"bundle\":null,\"deployments\":[],\"manifestVersion\":8}";

    private static Blob vector(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(HeadTest.class.getResourceAsStream(name), name)) {
            return Blob.of(in.readAllBytes());
        }
    }

    private static ManifestVersion version(String number) {
        return ManifestVersion.of(new BigDecimal(number));
    }

    private static Head worked(Paths paths) throws IOException {
        var documents = new TreeMap<DeploymentId, Blob>();
        documents.put(PRESS_MONITOR, vector("press-monitor.yaml"));
        documents.put(HISTORIAN, vector("historian.yaml"));
        return Head.of(paths, version("7"), documents);
    }

    @Test
    @Requirement({"MI-043", "MI-044", "MI-037"})
    void theEmptyManifestHasTheWorkedBytesAndDigest() {
        Head head = Head.of(Paths.ROOT, version("8"), new TreeMap<>());
        assertEquals(EMPTY, head.manifest().text());
        assertEquals(
                "sha256:40ec5e19af3c047f42ef667cca111f1c76a5f1ea3c3fe4e07052be244149e1ae",
                head.manifest().digest().value());
        assertEquals(Optional.empty(), head.bundle());
    }

    @Test
    @Requirement({"MI-064", "MI-065"})
    void theWorkedDocumentsHaveTheirDigests() throws IOException {
        assertEquals(
                "sha256:47b7652ccacddfe6799b240c504fddb424bcc2c5595d4632560013cd2eabd45d",
                vector("press-monitor.yaml").digest().value());
        assertEquals(
                "sha256:deb58f947d61170c6e1ed3c589f831a538241fb6ed199a2f97b4622ff9f9bffa",
                vector("historian.yaml").digest().value());
    }

    /// The bundle's digest depends on who packs it; everything else is the worked manifest byte for byte.
    @Test
    @Requirement({"MI-038", "MI-045", "MI-046", "MI-047", "MI-048", "MI-049", "MI-050", "DP-019"})
    void theWorkedManifestHasTheWorkedBytes() throws IOException {
        Head head = worked(Paths.ROOT);
        Blob bundle = head.bundle().orElseThrow();
        String theirs = head.manifest()
                .text()
                .replace(
                        bundle.digest().value(),
                        "sha256:620bac9e4ad7049ca84214fba118bd8900d2e992bc36ffe4f8b2e4b8dbbb2dc2")
                .replace("\"sizeBytes\":" + bundle.size() + ",", "\"sizeBytes\":496,");
        assertEquals(882, Blob.utf8(theirs).size());
        assertEquals(
                "sha256:4163fd0a84d8a11fad1f7dedfa588c4ce354049cc928721474d55e96df9688f2",
                Blob.utf8(theirs).digest().value());
    }

    @Test
    @Requirement({"MI-044", "MI-059", "MI-066"})
    void theBundleHoldsExactlyTheDocumentsOfTheManifest() throws IOException {
        Head head = worked(Paths.ROOT);
        StateManifest manifest = StateManifest.read(head.manifest()).value();
        assertEquals(head.documents(), Bundles.read(head.bundle().orElseThrow(), manifest));
        assertEquals(head.bundle(), head.bundle(manifest.bundle().orElseThrow().digest()));
    }

    @Test
    void equalArgumentsGiveEqualBytes() throws IOException {
        assertEquals(worked(Paths.ROOT), worked(Paths.ROOT));
    }

    @Test
    @Requirement({"MI-047", "MI-050"})
    void urlsStandBelowTheBasePath() throws IOException {
        StateManifest manifest = StateManifest.read(
                        worked(Paths.under("/v1alpha2/margo/")).manifest())
                .value();
        assertEquals(
                "/v1alpha2/margo/api/v1/deployments/" + PRESS_MONITOR + "/"
                        + vector("press-monitor.yaml").digest(),
                manifest.deployments().getFirst().url());
    }

    @Test
    @Requirement("MI-040")
    void theLargestVersionIsWrittenWithAllItsDigits() {
        Head head = Head.of(Paths.ROOT, version("18446744073709551615"), new TreeMap<>());
        assertEquals(
                EMPTY.replace("8}", "18446744073709551615}"), head.manifest().text());
        assertEquals(head.version(), StateManifest.read(head.manifest()).value().version());
    }

    @Test
    void aDocumentIsFoundUnderItsOwnIdAndDigestOnly() throws IOException {
        Head head = worked(Paths.ROOT);
        Blob document = vector("historian.yaml");
        assertEquals(Optional.of(document), head.document(HISTORIAN, document.digest()));
        assertEquals(Optional.empty(), head.document(PRESS_MONITOR, document.digest()));
        assertEquals(Optional.empty(), head.document(HISTORIAN, Samples.digest("other")));
    }
}
