// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// The tag of a component: SemVer 2.0 without a leading `v`, with `_` in place of `+` (AD-013, DP-006).
public record Revision(String value) {
    public Revision {
        Form.checked(Form.REVISION, value, "a revision (SemVer without 'v', '_' in place of '+')");
    }

    /// The revision as SemVer writes it (AD-014).
    public String semVer() {
        return value.replace('_', '+');
    }

    @Override
    public String toString() {
        return value;
    }
}
