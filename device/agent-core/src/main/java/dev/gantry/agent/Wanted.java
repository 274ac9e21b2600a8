// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.content.Digest;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.StateManifest;
import java.util.SortedMap;
import java.util.TreeMap;

/// A manifest that was received and verified by itself, but whose documents may still be missing.
///
/// @param source what was read
/// @param etag as the WFM sent it
public record Wanted(StateManifest source, String etag) {
    public ManifestVersion version() {
        return source.version();
    }

    /// The digest of each deployment's document.
    public SortedMap<DeploymentId, Digest> documents() {
        var documents = new TreeMap<DeploymentId, Digest>();
        source.deployments().forEach(entry -> documents.put(entry.id(), entry.digest()));
        return documents;
    }
}
