// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Secret;
import java.util.Map;
import java.util.Optional;

/// Who we are at which registry. Asked each time, so that a changed secret needs no restart.
@FunctionalInterface
public interface Credentials {
    /// Nobody: what a registry gives to everyone.
    Credentials ANONYMOUS = registry -> Optional.empty();

    /// A user and a password or token.
    record Login(String user, Secret secret) {}

    /// The login for a registry, named as in references: host and port.
    Optional<Login> at(String registry);

    /// Logins by registry.
    static Credentials of(Map<String, Login> logins) {
        var copy = Map.copyOf(logins);
        return registry -> Optional.ofNullable(copy.get(registry));
    }
}
