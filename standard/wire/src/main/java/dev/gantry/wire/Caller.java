// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import java.util.Optional;

/// Who sends a request, as far as the connection has proven it. Nothing in a path, header or body says who a
/// caller is
/// (MI-007).
///
/// @param identity the SPIFFE ID that mutual TLS has verified; empty where the listener asks for no certificate
/// @param address the network address, for logs and limits only, never for decisions about identity
public record Caller(Optional<String> identity, String address) {
    /// A caller on a listener that asks for no certificate.
    public static Caller anonymous(String address) {
        return new Caller(Optional.empty(), address);
    }
}
