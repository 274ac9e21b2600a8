// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Read;
import dev.gantry.spec.DeploymentStatus;
import java.time.Instant;

/// The newest report of a deployment.
public record StatusReport(Read<DeploymentStatus> report, Instant received) {
    public DeploymentStatus status() {
        return report.value();
    }
}
