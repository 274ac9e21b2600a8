// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import java.util.Comparator;

/// One component of one deployment; two deployments of one application share a device (reading D-11).
public record WorkloadId(DeploymentId deployment, ComponentName component) implements Comparable<WorkloadId> {
    private static final Comparator<WorkloadId> ORDER =
            Comparator.comparing(WorkloadId::deployment).thenComparing(WorkloadId::component);

    @Override
    public int compareTo(WorkloadId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return deployment + "/" + component;
    }
}
