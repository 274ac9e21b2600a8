// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Everything that should run on the devices of one client: one JSON document, named by its digest, ordered by its
/// version (management interface, section 7).
///
/// @param bundle absent on the wire as `null`, exactly when there are no deployments (MI-043)
public record StateManifest(ManifestVersion version, Optional<Bundle> bundle, List<Entry> deployments) {
    private static final String DOCUMENT = "state manifest";

    /// All deployments in one archive.
    public record Bundle(String mediaType, Digest digest, String url) {}

    /// One deployment.
    ///
    /// @param url where its bytes are, as the WFM wrote it
    public record Entry(DeploymentId id, Digest digest, String url) {}

    public StateManifest {
        deployments = List.copyOf(deployments);
    }

    /// Reads a manifest; sizes are advisory and are not kept (MI-051).
    @Requirement({"MI-040", "MI-043", "MI-051", "MI-063", "MI-068"})
    public static Read<StateManifest> read(Blob source) {
        return new Read<>(source, Fields.read(DOCUMENT, Json.read(source, Limits.MANIFEST), StateManifest::fields));
    }

    private static Supplier<StateManifest> fields(Fields root) {
        Optional<ManifestVersion> version = root.needNumber("manifestVersion", "MI-040")
                .flatMap(number -> {
                    try {
                        return Optional.of(ManifestVersion.of(number));
                    } catch (Fault fault) {
                        root.wrong("manifestVersion", "MI-040", fault.getMessage());
                        return Optional.empty();
                    }
                });
        Optional<Supplier<Bundle>> bundle = bundle(root);
        List<Supplier<Entry>> entries = root.needObjects("deployments", "MI-031").stream()
                .map(StateManifest::entry)
                .toList();
        if (root.any("bundle").isPresent() && bundle.isPresent() == entries.isEmpty()) {
            root.wrong("bundle", "MI-043", "is null exactly when there are no deployments");
        }
        return () -> {
            var manifest = new StateManifest(
                    version.orElseThrow(),
                    bundle.map(Supplier::get),
                    entries.stream().map(Supplier::get).toList());
            manifest.uniqueIds();
            return manifest;
        };
    }

    private void uniqueIds() {
        var seen = new HashSet<DeploymentId>();
        deployments.forEach(entry -> {
            if (!seen.add(entry.id())) {
                throw Fault.invalid("the deployment " + entry.id() + " stands twice in the manifest");
            }
        });
    }

    private static Optional<Supplier<Bundle>> bundle(Fields root) {
        if (root.needAny("bundle", "MI-043")
                .filter(tree -> !(tree instanceof Tree.Null))
                .isEmpty()) {
            return Optional.empty();
        }
        return root.object("bundle", "MI-043").map(fields -> {
            var mediaType = fields.needText("mediaType", "MI-045");
            mediaType
                    .filter(type -> !type.equals(MediaTypes.BUNDLE))
                    .ifPresent(type -> fields.wrong("mediaType", "MI-045", "is not " + MediaTypes.BUNDLE));
            var digest = fields.need("digest", "MI-046", Digest::new);
            var url = fields.needText("url", "MI-047");
            return () -> new Bundle(mediaType.orElseThrow(), digest.orElseThrow(), url.orElseThrow());
        });
    }

    private static Supplier<Entry> entry(Fields fields) {
        var id = fields.need("deploymentId", "MI-048", DeploymentId::new);
        var digest = fields.need("digest", "MI-049", Digest::new);
        var url = fields.needText("url", "MI-050");
        return () -> new Entry(id.orElseThrow(), digest.orElseThrow(), url.orElseThrow());
    }
}
