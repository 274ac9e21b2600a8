// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Tree;
import dev.gantry.registry.OciError.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a manifest may be kept: it is what its media type says, and everything it points to is in the repository.
/// Manifests of unknown kinds are kept too, if they are JSON.
final class ManifestCheck {
    private static final Limits SIZE = new Limits(RegistryLimits.DEFAULT.manifestBytes(), 64, 200_000);

    private final Store store;
    private final String repository;

    ManifestCheck(Store store, String repository) {
        this.store = store;
        this.repository = repository;
    }

    void check(String mediaType, Blob content) {
        if (!(Json.read(content, SIZE) instanceof Tree.Obj manifest)) {
            throw new OciError(Code.MANIFEST_INVALID, "the manifest is not an object");
        }
        Optional<Tree> inside = manifest.get("mediaType");
        if (inside.isPresent() && !inside.get().equals(Tree.of(mediaType.split(";", 2)[0].strip()))) {
            throw new OciError(Code.MANIFEST_INVALID, "the member mediaType is not the header Content-Type");
        }
        for (Tree entry : items(manifest, "manifests")) {
            Digest digest = digest(entry);
            if (store.manifest(repository, digest).isEmpty()) {
                throw new OciError(
                        Code.MANIFEST_BLOB_UNKNOWN, repository + " has no manifest " + digest + "; push it first");
            }
        }
        var blobs = new ArrayList<Tree>();
        manifest.get("config").ifPresent(blobs::add);
        blobs.addAll(items(manifest, "layers"));
        for (Tree entry : blobs) {
            Digest digest = digest(entry);
            if (!isForeign(entry) && store.blob(repository, digest).isEmpty()) {
                throw new OciError(
                        Code.MANIFEST_BLOB_UNKNOWN, repository + " has no blob " + digest + "; push it first");
            }
        }
    }

    /// Content that lies elsewhere by design, as the layers of some operating systems do.
    private static boolean isForeign(Tree descriptor) {
        return descriptor instanceof Tree.Obj object && object.get("urls").isPresent();
    }

    private static List<Tree> items(Tree.Obj manifest, String member) {
        Optional<Tree> found = manifest.get(member);
        if (found.isEmpty()) {
            return List.of();
        }
        if (found.get() instanceof Tree.Arr(var items)) {
            return items;
        }
        throw new OciError(Code.MANIFEST_INVALID, "the member " + member + " is not an array");
    }

    private static Digest digest(Tree descriptor) {
        if (descriptor instanceof Tree.Obj object
                && object.get("digest").orElse(new Tree.Null()) instanceof Tree.Str(var text)) {
            return Names.digest(text);
        }
        throw new OciError(Code.MANIFEST_INVALID, "a descriptor has no digest");
    }
}
