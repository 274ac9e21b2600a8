// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComposePackageTest {
    private static final String COMPOSE = "services: { web: { image: web } }\n";

    private final MemoryBlobs blobs = new MemoryBlobs();

    private void refused(String message, Digest artifact) {
        var refusal = assertThrows(WorkloadException.class, () -> ComposePackage.files(artifact, blobs));
        assertEquals("COMPOSE_PACKAGE_INVALID", refusal.code());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
        assertFalse(refusal.again());
    }

    @Test
    @Requirement("AD-089")
    void theNameOfTheTopDirectoryMeansNothing() throws WorkloadException {
        for (String top : List.of("smartcam", "x", "Any Name")) {
            Digest artifact = Packages.packed(blobs, Map.of(top + "/compose.yaml", COMPOSE));
            assertEquals(
                    COMPOSE,
                    ComposePackage.files(artifact, blobs).get("compose.yaml").text());
        }
    }

    @Test
    @Requirement({"AD-088", "AD-093"})
    void anArchiveOfAnotherShapeIsRefused() {
        refused("not exactly one top-level directory", Packages.packed(blobs, Map.of("compose.yaml", COMPOSE)));
        var two = new LinkedHashMap<String, String>();
        two.put("a/compose.yaml", COMPOSE);
        two.put("b/compose.yaml", COMPOSE);
        refused("not exactly one top-level directory", Packages.packed(blobs, two));
        refused("there is no compose.yaml", Packages.packed(blobs, Map.of("a/compose.yml", COMPOSE)));
        refused("there is no compose.yaml", Packages.packed(blobs, Map.of("a/b/compose.yaml", COMPOSE)));
    }

    @Test
    @Requirement("AD-092")
    void whatLeavesTheArchiveIsRefused() {
        refused("leaves the archive", Packages.packed(blobs, Map.of("a/../../etc/passwd", "x")));
        refused("not a gzip-compressed tar", Packages.packed(blobs, Blob.utf8("no archive"), tree -> tree));
    }

    @Test
    @Requirement({"AD-090", "AD-093"})
    void whatTheFileRefersToMustBeInside() throws WorkloadException {
        String inside = "services: { web: { image: web, env_file: [./web.env] } }\nconfigs: { c: { file: c.txt } }\n";
        var files = new LinkedHashMap<String, String>();
        files.put("a/compose.yaml", inside);
        files.put("a/web.env", "A=1");
        files.put("a/c.txt", "c");
        assertEquals(
                3, ComposePackage.files(Packages.packed(blobs, files), blobs).size());
        for (String path : List.of("../web.env", "/etc/passwd", "other.env")) {
            refused(
                    "services.web.env_file names",
                    Packages.packed(blobs, Map.of("a/compose.yaml", inside.replace("./web.env", path))));
        }
        files.remove("a/c.txt");
        refused("configs.c.file names", Packages.packed(blobs, files));
    }

    @Test
    void aManifestOfAnotherKindIsRefusedByTheFieldsName() {
        Blob archive = Archive.write(new LinkedHashMap<>(Map.of("a/compose.yaml", Blob.utf8(COMPOSE))));
        Map<String, java.util.function.UnaryOperator<Tree.Obj>> changes = Map.of(
                "artifactType", tree -> tree.with("artifactType", Tree.of("application/vnd.docker.compose.project")),
                "layers", tree -> tree.with("layers", Tree.of(List.of())),
                "annotations", tree -> tree.with("annotations", Tree.Obj.EMPTY),
                "annotations.org.margo.component.type",
                        tree -> tree.with(
                                "annotations",
                                Tree.members()
                                        .put("org.margo.component.type", "helm")
                                        .put("org.margo.component.version", "1.0.0")
                                        .build()));
        changes.forEach((field, change) -> refused(field, Packages.packed(blobs, archive, change)));
    }

    @Test
    @Requirement("AD-096")
    void aLayerThatIsNotThereCanBeTriedAgain() {
        Digest artifact = Packages.packed(blobs, Map.of("a/compose.yaml", COMPOSE));
        var others = new MemoryBlobs();
        others.put(blobs.get(artifact).orElseThrow());
        var refusal = assertThrows(WorkloadException.class, () -> ComposePackage.files(artifact, others));
        assertEquals("COMPOSE_PULL_FAILED", refusal.code());
        assertTrue(refusal.again());
    }
}
