// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Blobs as files named by their digest. A file appears whole or not at all: it is written beside its place,
/// forced to
/// the disk, checked, and moved there. A file whose bytes no longer fit its name counts as absent.
public final class FileBlobs implements Blobs {
    private final Path folder;

    /// @param folder created when it is missing
    public FileBlobs(Path folder) {
        this.folder = folder;
        Disk.createFolder(folder);
    }

    @Override
    public Optional<Blob> get(Digest digest) {
        try {
            Blob blob = Blob.of(Files.readAllBytes(path(digest)));
            return Optional.of(blob).filter(found -> found.digest().equals(digest));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + path(digest) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void put(Blob blob) {
        if (!has(blob.digest())) {
            Disk.replace(path(blob.digest()), blob);
        }
    }

    /// Where the bytes of a blob lie, whether they are there or not.
    public Path path(Digest digest) {
        return folder.resolve(digest.hex());
    }
}
