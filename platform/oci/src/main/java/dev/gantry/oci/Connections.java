// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.wire.Transport;
import java.net.URI;

/// How the client reaches other machines: a transport for each origin, made by whoever knows about sockets, trust
/// anchors and proxies. Kept connections, timeouts and TLS are its business; it follows no redirect by itself.
@FunctionalInterface
public interface Connections {
    /// A transport whose requests go to this origin.
    ///
    /// @param origin scheme, host and port only: `https://registry.example.com:443`
    Transport to(URI origin);
}
