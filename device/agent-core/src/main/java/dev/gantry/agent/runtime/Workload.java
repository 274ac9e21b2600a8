// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Tree;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.Extensions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A component as it should run.
///
/// @param revision names everything below: equal revisions run alike, so nothing is restarted when it is unchanged
/// @param application whose component it is
/// @param artifact digest of the component's OCI manifest, resolved once and verified
/// @param blobs where the manifest and every layer it lists lie, verified, on this device
/// @param parameters value by pointer, types kept: `POLL_SECONDS` to 30
/// @param extensions of the component and, below them, of the profile (MI-097)
public record Workload(
        WorkloadId id,
        Digest revision,
        ApplicationId application,
        Digest artifact,
        Blobs blobs,
        Map<String, Tree> parameters,
        Extensions extensions) {
    public Workload {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}
