// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire.rc3;

import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.StateManifest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// The archive with all deployments of one manifest (management interface, section 8).
@Requirement({"MI-044", "MI-059", "DP-026", "DP-034"})
public final class Bundles {
    private static final Archive.Size SIZE = Archive.Size.DEFAULT;

    private Bundles() {}

    /// Packs the documents, `<deploymentId>.yaml` sorted by id at the archive's root; equal documents give equal
    /// bytes.
    public static Blob write(SortedMap<DeploymentId, Blob> deployments) {
        if (deployments.isEmpty()) {
            throw Fault.invalid("an empty archive is never made (MI-044)");
        }
        SequencedMap<String, Blob> files = new LinkedHashMap<>();
        deployments.forEach((id, document) -> files.put(id + ".yaml", document));
        return Archive.write(files);
    }

    /// Unpacks a bundle and holds it against the manifest: every document must be there with its digest, and
    /// nothing
    /// else. Names of files mean nothing (reading A-9).
    @Requirement({"MI-059", "MI-066", "MI-067"})
    public static SortedMap<DeploymentId, Blob> read(Blob bundle, StateManifest manifest) {
        Map<Digest, Blob> byDigest = new LinkedHashMap<>();
        Archive.read(bundle, SIZE).forEach((name, content) -> {
            if (name.contains("/")) {
                throw Fault.invalid("the bundle's file " + name + " is not at its root (MI-059)");
            }
            if (byDigest.put(content.digest(), content) != null) {
                throw Fault.invalid("the bundle's file " + name + " stands in it twice (MI-059)");
            }
        });
        var deployments = new TreeMap<DeploymentId, Blob>();
        for (StateManifest.Entry entry : manifest.deployments()) {
            Blob document = byDigest.get(entry.digest());
            if (document == null) {
                throw Fault.invalid("the bundle has no file with the digest of deployment " + entry.id() + " (MI-059)");
            }
            deployments.put(entry.id(), document);
        }
        if (byDigest.size() != deployments.size()) {
            throw Fault.invalid("the bundle has files that the manifest does not name (MI-059)");
        }
        return deployments;
    }
}
