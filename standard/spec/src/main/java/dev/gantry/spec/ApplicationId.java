// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// The id of an application description: lowercase letters, digits and dashes, at most 200 (AD-002, DP-004).
public record ApplicationId(String value) implements Comparable<ApplicationId> {
    public ApplicationId {
        Form.checked(Form.APPLICATION, value, "an application id (1 to 200 of a-z, 0-9, '-')");
    }

    @Override
    public int compareTo(ApplicationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
