// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// The id of a deployment: a UUID that the WFM assigns and keeps while the deployment's content changes (DP-001,
/// DP-037). Compared as it is spelt.
public record DeploymentId(String value) implements Comparable<DeploymentId> {
    public DeploymentId {
        Form.checked(Form.UUID, value, "a UUID");
    }

    @Override
    public int compareTo(DeploymentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
