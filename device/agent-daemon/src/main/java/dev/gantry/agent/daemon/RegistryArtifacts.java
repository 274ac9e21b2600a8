// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.Artifacts;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.FileBlobs;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.Manifest;
import dev.gantry.oci.OciTypes;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.Revision;
import dev.gantry.wire.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Artifacts pulled from OCI registries into a folder, by digest. The manifest is stored last, so that an
/// interrupted pull is never taken for a whole one; what is here already is not pulled again.
///
/// An index is refused: it names one image for each kind of machine, and a deployment runs exactly the bytes that
/// its digest names. For one owner thread.
@Requirement({"AD-071", "AD-081", "AD-096"})
final class RegistryArtifacts implements Artifacts {
    /// How many artifacts are remembered as checked in this process; more are checked again from the disk.
    private static final int REMEMBERED = 1_000;

    private final RegistryClient registries;
    private final FileBlobs store;
    private final Map<Digest, List<Descriptor>> checked = new HashMap<>();

    RegistryArtifacts(RegistryClient registries, Path folder) {
        this.registries = registries;
        this.store = new FileBlobs(folder);
    }

    @Override
    public Blobs blobs() {
        return store;
    }

    @Override
    public Digest resolve(Repository repository, Revision revision) throws Unreachable {
        Reference reference = reference(repository).withTag(revision.value());
        return asked(() -> registries.resolve(reference));
    }

    /// The bytes are read once in each process; later only their presence and length are looked at.
    @Override
    public boolean isHere(Digest artifact) {
        List<Descriptor> known = checked.get(artifact);
        if (known != null) {
            return known.stream().allMatch(this::hasLength);
        }
        return store.get(artifact)
                .map(RegistryArtifacts::parts)
                .filter(parts -> parts.stream().allMatch(this::isWhole))
                .map(parts -> remember(artifact, parts))
                .isPresent();
    }

    private List<Descriptor> remember(Digest artifact, List<Descriptor> parts) {
        if (checked.size() >= REMEMBERED) {
            checked.clear();
        }
        checked.put(artifact, parts);
        return parts;
    }

    private static List<Descriptor> parts(Blob manifest) {
        Manifest read = Manifest.read(manifest).value();
        return Stream.concat(Stream.of(read.config()), read.layers().stream()).toList();
    }

    private boolean hasLength(Descriptor part) {
        try {
            return Files.size(store.path(part.digest())) == part.size();
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isWhole(Descriptor part) {
        if (!hasLength(part)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(store.path(part.digest()));
                var hashed = new DigestInputStream(in, Digest.sha256())) {
            hashed.transferTo(OutputStream.nullOutputStream());
            return Digest.ofHash(hashed.getMessageDigest().digest()).equals(part.digest());
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "cannot read " + store.path(part.digest()) + ": " + e.getMessage() + "; check the disk",
                    e);
        }
    }

    @Override
    public void fetch(Repository repository, Digest artifact) throws Unreachable {
        Reference reference = reference(repository).withDigest(artifact);
        checked.remove(artifact);
        asked(() -> pull(reference));
    }

    private Digest pull(Reference reference) {
        RegistryClient.Fetched root = registries.manifest(reference);
        if (OciTypes.isIndex(root.mediaType())) {
            throw Fault.invalid(
                    reference + " is an index of several images; deploy the manifest of one of them, because"
                            + " a device runs exactly what the digest names");
        }
        for (Descriptor part : parts(root.blob())) {
            if (!isWhole(part)) {
                registries.blob(reference, part, store.path(part.digest()));
            }
        }
        store.put(root.blob());
        return root.digest();
    }

    private static Reference reference(Repository repository) {
        return Reference.parse(repository.reference());
    }

    private interface Question {
        Digest ask();
    }

    private static Digest asked(Question question) throws Unreachable {
        try {
            return question.ask();
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.UNAVAILABLE) {
                throw new Unreachable(fault.getMessage(), fault);
            }
            throw fault;
        }
    }
}
