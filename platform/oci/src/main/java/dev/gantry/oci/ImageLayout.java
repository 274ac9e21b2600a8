// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.FileBlobs;
import dev.gantry.content.Json;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.wire.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Manifests, what they point to, and their names, as an OCI image layout (image-spec 1.1): in memory, or in a folder
/// that other tools read too.
///
/// A folder becomes a layout with [#save()], which writes the index last; a folder without an index is no layout.
/// Not for several threads at once.
public final class ImageLayout {
    private static final Blob VERSION = Blob.utf8("{\"imageLayoutVersion\":\"1.0.0\"}");
    private static final String INDEX = "index.json";
    private static final String MARK = "oci-layout";

    private final Blobs blobs;
    private final Optional<Path> folder;
    private final List<Descriptor> entries = new ArrayList<>();

    private ImageLayout(Blobs blobs, Optional<Path> folder) {
        this.blobs = blobs;
        this.folder = folder;
    }

    /// A layout in memory.
    public static ImageLayout inMemory() {
        return new ImageLayout(new MemoryBlobs(), Optional.empty());
    }

    /// A view of a store: what is pulled into it lies in the store, and no folder is written.
    public static ImageLayout over(Blobs store) {
        return new ImageLayout(store, Optional.empty());
    }

    /// A new layout in a folder, which is created when it is missing.
    public static ImageLayout create(Path folder) {
        if (Files.exists(folder.resolve(INDEX))) {
            throw new Fault(
                    Fault.Kind.CONFLICT, folder + " already holds an image layout; remove it or name another folder");
        }
        return new ImageLayout(new FileBlobs(blobsOf(folder)), Optional.of(folder));
    }

    /// The layout in a folder; `MISSING` when there is none, `INVALID` when its index cannot be read.
    public static ImageLayout open(Path folder) {
        try {
            if (!Files.isRegularFile(folder.resolve(INDEX)) || !Files.isRegularFile(folder.resolve(MARK))) {
                throw new Fault(Fault.Kind.MISSING, folder + " holds no OCI image layout; pack the application first");
            }
            var layout = new ImageLayout(new FileBlobs(blobsOf(folder)), Optional.of(folder));
            Tree index = Json.read(Blob.of(Files.readAllBytes(folder.resolve(INDEX))));
            layout.entries.addAll(Fields.read(folder.resolve(INDEX).toString(), index, ImageLayout::entries));
            return layout;
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE, "cannot read the image layout " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Path blobsOf(Path folder) {
        return folder.resolve("blobs").resolve("sha256");
    }

    private static Supplier<List<Descriptor>> entries(Fields fields) {
        List<Supplier<Descriptor>> manifests = fields.needObjects("manifests", "").stream()
                .map(Descriptor::read)
                .toList();
        return () -> manifests.stream().map(Supplier::get).toList();
    }

    /// Adds content and describes it.
    public Descriptor put(String mediaType, Blob blob) {
        blobs.put(blob);
        return Descriptor.of(mediaType, blob);
    }

    /// Adds a manifest and names it; what the manifest points to must be here already.
    public Descriptor put(Manifest manifest, String name) {
        Descriptor plain = put(manifest.mediaType(), manifest.write());
        Descriptor descriptor =
                manifest.artifactType().map(plain::withArtifactType).orElse(plain);
        add(descriptor, name);
        return descriptor;
    }

    /// Names a manifest that is here already; a name that was given before moves.
    public void add(Descriptor manifest, String name) {
        entries.removeIf(entry ->
                entry.annotation(OciTypes.REF_NAME).filter(name::equals).isPresent());
        entries.add(manifest.with(OciTypes.REF_NAME, name));
    }

    /// The named manifests, in the order in which they were added.
    public List<Descriptor> entries() {
        return List.copyOf(entries);
    }

    /// The manifest of this name.
    public Descriptor entry(String name) {
        return entries.stream()
                .filter(entry ->
                        entry.annotation(OciTypes.REF_NAME).filter(name::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new Fault(Fault.Kind.MISSING, "the image layout has nothing named " + name));
    }

    /// The bytes of this digest; `MISSING` when they are not here or do not fit their name any more.
    public Blob blob(Digest digest) {
        return blobs.get(digest)
                .orElseThrow(() -> new Fault(
                        Fault.Kind.MISSING,
                        "the image layout lacks the blob " + digest + ", or it was altered; make the layout again"));
    }

    /// Everything else that is here, for readers that take a store.
    public Blobs blobs() {
        return blobs;
    }

    /// The content as a body that can be sent several times, from its file where there is one.
    Body body(Descriptor content) {
        return file(content.digest())
                .filter(Files::isRegularFile)
                .<Body>map(file -> new Body.FilePart(file, 0, content.size()))
                .orElseGet(() -> Body.of(blob(content.digest())));
    }

    /// Where the bytes of a digest belong, where blobs are files.
    Optional<Path> file(Digest digest) {
        return blobs instanceof FileBlobs files ? Optional.of(files.path(digest)) : Optional.empty();
    }

    /// Copies a named manifest and what it points to into another layout.
    public void copy(String name, ImageLayout to) {
        Descriptor entry = entry(name);
        var seen = new HashSet<Digest>();
        copy(entry, to, seen);
        to.add(entry, name);
    }

    private void copy(Descriptor content, ImageLayout to, Set<Digest> seen) {
        if (seen.add(content.digest())) {
            to.blobs.put(blob(content.digest()));
            children(content).forEach(child -> copy(child, to, seen));
        }
    }

    /// What a manifest or an index points to; nothing for other content.
    List<Descriptor> children(Descriptor content) {
        if (OciTypes.isIndex(content.mediaType())) {
            return Fields.read("the OCI index", Json.read(blob(content.digest())), ImageLayout::entries);
        }
        if (content.mediaType().endsWith("manifest.v1+json")
                || content.mediaType().endsWith("manifest.v2+json")) {
            Manifest manifest = Manifest.read(blob(content.digest())).value();
            var children = new ArrayList<Descriptor>();
            children.add(manifest.config());
            children.addAll(manifest.layers());
            return children;
        }
        return List.of();
    }

    /// Makes the folder a layout that names what was added; nothing to do in memory.
    public void save() {
        folder.ifPresent(place -> {
            Disk.replace(place.resolve(MARK), VERSION);
            Tree index = Tree.members()
                    .put("schemaVersion", 2)
                    .put("mediaType", OciTypes.INDEX)
                    .put(
                            "manifests",
                            Tree.of(entries.stream().map(Descriptor::tree).toList()))
                    .build();
            Disk.replace(place.resolve(INDEX), Blob.utf8(Json.pretty(index)));
        });
    }
}
