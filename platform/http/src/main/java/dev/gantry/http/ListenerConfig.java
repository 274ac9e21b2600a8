// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Where and how a server listens.
///
/// @param name as people know it, "device API" for example; stands in messages, logs and thread names
/// @param host the address to bind, an IP address or a name of this machine
/// @param port 0 takes a free one
/// @param tls null for plain HTTP, on loopback for example
/// @param clock what certificates' ends are compared to
public record ListenerConfig(
        String name, String host, int port, @Nullable ServerTls tls, ListenerLimits limits, InstantSource clock) {
    public ListenerConfig {
        if (port < 0 || port > 65_535) {
            throw Fault.invalid("the port of the " + name + " is " + port + "; it must be 0 to 65535");
        }
    }

    /// A plain listener with the default limits.
    public static ListenerConfig of(String name, String host, int port) {
        return new ListenerConfig(name, host, port, null, ListenerLimits.DEFAULT, InstantSource.system());
    }

    /// The same listener over TLS.
    public ListenerConfig over(ServerTls security) {
        return new ListenerConfig(name, host, port, security, limits, clock);
    }

    /// The same listener with other limits.
    public ListenerConfig within(ListenerLimits others) {
        return new ListenerConfig(name, host, port, tls, others, clock);
    }

    /// The same listener by another clock.
    public ListenerConfig by(InstantSource other) {
        return new ListenerConfig(name, host, port, tls, limits, other);
    }
}
