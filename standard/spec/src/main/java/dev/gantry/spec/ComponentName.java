// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// The name of a component: lowercase letters, digits and dashes (AD-011).
public record ComponentName(String value) implements Comparable<ComponentName> {
    public ComponentName {
        Form.checked(Form.COMPONENT, value, "a component name (a-z, 0-9, '-')");
    }

    @Override
    public int compareTo(ComponentName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
