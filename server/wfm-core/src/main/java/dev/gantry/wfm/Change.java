// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ManifestVersion;
import java.util.Optional;

/// Something that has been decided and is to become durable. Changes that were decided together are stored
/// together or
/// not at all.
public sealed interface Change {
    /// A client has come, or stands differently.
    record ClientPut(Client client) implements Change {}

    /// A client's newest manifest. The only change that can lose a race.
    ///
    /// @param from the version that must be there before; empty for a client's first manifest
    record HeadAdvanced(ClientId client, Optional<ManifestVersion> from, Head to) implements Change {}

    record DevicePut(Device device) implements Change {}

    record DeviceDropped(ClientId client, DeviceId device) implements Change {}

    record DeploymentPut(Deployment deployment) implements Change {}

    /// A tombstone is no longer needed.
    record DeploymentDropped(ClientId client, DeploymentId id) implements Change {}

    record StatusPut(ClientId client, StatusReport report) implements Change {}

    record PackagePut(AppPackage application) implements Change {}
}
