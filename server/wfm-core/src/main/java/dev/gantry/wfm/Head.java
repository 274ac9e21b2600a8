// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.rc3.Bundles;
import dev.gantry.wire.rc3.Paths;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The newest manifest of one client with everything that it names, each serialised once: these are the bytes
/// that are
/// hashed, kept and served.
public record Head(
        ManifestVersion version, Blob manifest, Optional<Blob> bundle, SortedMap<DeploymentId, Blob> documents) {
    public Head {
        documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
    }

    /// Makes the manifest of these documents. Equal arguments give equal bytes.
    @Requirement({"MI-031", "MI-038", "MI-043", "MI-044", "MI-045", "MI-046", "MI-047", "MI-049", "MI-050", "DP-019"})
    public static Head of(Paths paths, ManifestVersion version, SortedMap<DeploymentId, Blob> documents) {
        Optional<Blob> bundle = documents.isEmpty() ? Optional.empty() : Optional.of(Bundles.write(documents));
        Tree manifest = Tree.members()
                .put("manifestVersion", version.tree())
                .put("bundle", bundle.map(archive -> bundle(paths, archive)).orElse(new Tree.Null()))
                .put(
                        "deployments",
                        Tree.of(documents.entrySet().stream()
                                .map(entry -> entry(paths, entry.getKey(), entry.getValue()))
                                .toList()))
                .build();
        return new Head(version, Json.canonical(manifest), bundle, documents);
    }

    private static Tree bundle(Paths paths, Blob archive) {
        return Tree.members()
                .put("mediaType", MediaTypes.BUNDLE)
                .put("digest", archive.digest().value())
                .put("sizeBytes", archive.size())
                .put("url", paths.bundle(archive.digest()))
                .build();
    }

    private static Tree entry(Paths paths, DeploymentId id, Blob document) {
        Digest digest = document.digest();
        return Tree.members()
                .put("deploymentId", id.value())
                .put("digest", digest.value())
                .put("sizeBytes", document.size())
                .put("url", paths.deployment(id, digest))
                .build();
    }

    /// The document of a deployment, if it has exactly this digest.
    public Optional<Blob> document(DeploymentId id, Digest digest) {
        return Optional.ofNullable(documents.get(id))
                .filter(found -> found.digest().equals(digest));
    }

    /// The bundle, if it has exactly this digest.
    public Optional<Blob> bundle(Digest digest) {
        return bundle.filter(found -> found.digest().equals(digest));
    }
}
