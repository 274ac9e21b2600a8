// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// Where a component lies: an OCI reference without tag, with the scheme `oci://` (AD-012).
public record Repository(String value) {
    private static final String SCHEME = "oci://";

    public Repository {
        Form.checked(Form.REPOSITORY, value, "an OCI reference (oci://…)");
    }

    /// The reference without its scheme: `registry.example.com/acme/press-monitor`.
    public String reference() {
        return value.substring(SCHEME.length());
    }

    @Override
    public String toString() {
        return value;
    }
}
