// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// What the registry keeps, in a folder. Every change is one rename, so that a power cut leaves the old or the new:
///
/// ```
/// blobs/sha256/<hex>                         the bytes of blobs and manifests, each once
/// repositories/<name>/_blobs/<hex>           an empty mark: this repository has the blob
/// repositories/<name>/_manifests/<hex>       the media type under which the manifest was pushed, exactly
/// repositories/<name>/_tags/<tag>            the digest that the tag names
/// ```
///
/// Marks are written after the bytes they stand for. Names of repositories have no part that starts with `_`.
final class Store {
    private final Path blobs;
    private final Path repositories;

    Store(Path folder) {
        this.blobs = folder.resolve("blobs").resolve("sha256");
        this.repositories = folder.resolve("repositories");
        Disk.createFolder(blobs);
        Disk.createFolder(repositories);
        removeLeftovers();
    }

    /// What a kill left half-written beside the bytes.
    private void removeLeftovers() {
        try (var files = Files.list(blobs)) {
            for (Path file : files.filter(
                            found -> found.getFileName().toString().startsWith("."))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw unavailable("start in " + blobs, e);
        }
    }

    /// A manifest as it was pushed.
    record Manifest(String mediaType, Digest digest, Path file, long size) {}

    private Path repository(String name) {
        return repositories.resolve(name);
    }

    boolean hasRepository(String name) {
        return Files.isDirectory(repository(name).resolve("_blobs"))
                || Files.isDirectory(repository(name).resolve("_manifests"));
    }

    private Path bytes(Digest digest) {
        return blobs.resolve(digest.hex());
    }

    /// The file of a blob that the repository has.
    Optional<Path> blob(String repository, Digest digest) {
        boolean known = Files.exists(repository(repository).resolve("_blobs").resolve(digest.hex()));
        return Optional.of(bytes(digest)).filter(file -> known && Files.isRegularFile(file));
    }

    /// Takes over a finished and verified file as a blob of the repository.
    void adopt(String repository, Digest digest, Path file) {
        try {
            Files.move(file, bytes(digest), StandardCopyOption.ATOMIC_MOVE);
            Disk.force(blobs);
        } catch (IOException e) {
            throw unavailable("keep the blob " + digest, e);
        }
        mark(repository, digest);
    }

    /// Lets a repository have a blob that another one has.
    boolean mount(String from, String to, Digest digest) {
        boolean there = blob(from, digest).isPresent();
        if (there) {
            mark(to, digest);
        }
        return there;
    }

    private void mark(String repository, Digest digest) {
        Path folder = repository(repository).resolve("_blobs");
        Disk.createFolder(folder);
        if (!Files.exists(folder.resolve(digest.hex()))) {
            Disk.replace(folder.resolve(digest.hex()), Blob.EMPTY);
        }
    }

    /// Keeps a manifest: bytes first, then its media type, then the tag.
    void putManifest(String repository, String mediaType, Blob content, Optional<String> tag) {
        Digest digest = content.digest();
        if (!Files.exists(bytes(digest))) {
            Disk.replace(bytes(digest), content);
        }
        Path manifests = repository(repository).resolve("_manifests");
        Disk.createFolder(manifests);
        Disk.replace(manifests.resolve(digest.hex()), Blob.utf8(mediaType));
        tag.ifPresent(name -> {
            Path tags = repository(repository).resolve("_tags");
            Disk.createFolder(tags);
            Disk.replace(tags.resolve(name), Blob.utf8(digest.value()));
        });
    }

    /// The manifest of a digest.
    Optional<Manifest> manifest(String repository, Digest digest) {
        Optional<String> mediaType =
                text(repository(repository).resolve("_manifests").resolve(digest.hex()));
        try {
            Path file = bytes(digest);
            return mediaType.isPresent() && Files.isRegularFile(file)
                    ? Optional.of(new Manifest(mediaType.get(), digest, file, Files.size(file)))
                    : Optional.empty();
        } catch (IOException e) {
            throw unavailable("read the manifest " + digest, e);
        }
    }

    /// The manifest that a tag names.
    Optional<Manifest> tagged(String repository, String tag) {
        return text(repository(repository).resolve("_tags").resolve(tag))
                .filter(Digest::isDigest)
                .flatMap(digest -> manifest(repository, new Digest(digest)));
    }

    /// The tags of a repository in lexical order.
    List<String> tags(String repository) {
        Path folder = repository(repository).resolve("_tags");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unavailable("list the tags of " + repository, e);
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw unavailable("read " + file, e);
        }
    }

    static Fault unavailable(String what, IOException cause) {
        return new Fault(
                Fault.Kind.UNAVAILABLE,
                "the registry cannot " + what + ": " + cause.getMessage()
                        + "; free some space or check the permissions",
                cause);
    }
}
