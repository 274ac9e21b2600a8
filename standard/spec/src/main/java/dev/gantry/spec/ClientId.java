// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// The `wfm-client-id` of a management client: the last segment of its SPIFFE ID (ID-015, ID-016). Compared
/// exactly.
public record ClientId(String value) implements Comparable<ClientId> {
    public ClientId {
        Form.checked(Form.CLIENT, value, "a client id (letters, digits, '.', '-', '_')");
    }

    @Override
    public int compareTo(ClientId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
