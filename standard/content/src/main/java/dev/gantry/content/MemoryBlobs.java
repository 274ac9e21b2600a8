// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Blobs in memory: for tests, for simulation, and as a cache.
public final class MemoryBlobs implements Blobs {
    private final Map<Digest, Blob> blobs = new ConcurrentHashMap<>();

    @Override
    public Optional<Blob> get(Digest digest) {
        return Optional.ofNullable(blobs.get(digest));
    }

    @Override
    public void put(Blob blob) {
        blobs.put(blob.digest(), blob);
    }
}
