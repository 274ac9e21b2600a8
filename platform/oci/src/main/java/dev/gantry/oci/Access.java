// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/// Which registries may be spoken to without TLS: those on this machine, and those that are named, nothing else.
///
/// @param plainLoopback whether registries on loopback addresses speak plain HTTP
/// @param plainRegistries others that do, as `host:port`
public record Access(boolean plainLoopback, Set<String> plainRegistries) {
    public static final Access DEFAULT = new Access(true, Set.of());

    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1])(:[0-9]+)?");

    public Access {
        plainRegistries = Set.copyOf(plainRegistries);
    }

    /// Whether plain HTTP is allowed to this authority.
    boolean allowsPlain(String authority) {
        return plainRegistries.contains(authority)
                || plainLoopback && LOOPBACK.matcher(authority).matches();
    }

    /// Where the registry's API is.
    URI origin(String registry) {
        return URI.create((allowsPlain(registry) ? "http://" : "https://") + registry);
    }
}
