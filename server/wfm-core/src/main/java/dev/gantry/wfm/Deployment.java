// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.application.ApplicationDeployment;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An application that an operator wants on a device.
///
/// @param origin what it was made of
/// @param document the exact bytes that the device fetches
/// @param since the manifest version that changed it last; a status that has adopted an older one is about older
/// content
/// @param withdrawn whether it is to be removed; kept as a tombstone so that the removal can be reported (reading
///
public record Deployment(
        DeploymentId id,
        ClientId client,
        ApplicationDeployment.Target target,
        Origin origin,
        Blob document,
        ManifestVersion since,
        boolean withdrawn) {
    /// What a deployment was made of.
    ///
    /// @param name that the operator gave it
    /// @param values that the operator chose, by parameter
    /// @param asked when it was asked for last
    public record Origin(String name, PackageId application, String profile, Map<String, Tree> values, Instant asked) {
        public Origin {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /// The same deployment with other content.
    public Deployment changed(Origin newOrigin, Blob newDocument, ManifestVersion version) {
        return new Deployment(id, client, target, newOrigin, newDocument, version, false);
    }

    /// The same deployment, to be removed.
    public Deployment withdrawnAt(ManifestVersion version) {
        return new Deployment(id, client, target, origin, document, version, true);
    }

    /// The same deployment under another version, after versions were raised.
    public Deployment at(ManifestVersion version) {
        return new Deployment(id, client, target, origin, document, version, withdrawn);
    }
}
