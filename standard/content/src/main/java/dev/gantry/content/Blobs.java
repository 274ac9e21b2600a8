// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.util.Optional;

/// A store of blobs by digest. Putting what is there already changes nothing.
public interface Blobs {
    Optional<Blob> get(Digest digest);

    /// Keeps a blob; it is durable when this returns.
    void put(Blob blob);

    /// Whether the blob is there, without reading it.
    default boolean has(Digest digest) {
        return get(digest).isPresent();
    }
}
