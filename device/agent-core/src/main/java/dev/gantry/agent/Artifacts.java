// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Revision;
import dev.gantry.wire.Unreachable;

/// Where the artifacts of components come from and are kept on this device.
public interface Artifacts {
    /// What a tag names now. `MISSING` when the registry has no such tag.
    Digest resolve(Repository repository, Revision revision) throws Unreachable;

    /// Whether a manifest and every layer it lists are here, whole.
    boolean isHere(Digest artifact);

    /// Brings a manifest and its layers here, each verified against its digest before it counts (AD-096).
    void fetch(Repository repository, Digest artifact) throws Unreachable;

    /// What is here.
    Blobs blobs();
}
