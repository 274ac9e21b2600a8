// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import dev.gantry.identity.Credential;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whom a client talks to and how both prove themselves.
///
/// @param base `https` or `http`, host, optional port and path; requests' targets are appended to the path
/// @param own asked for every exchange: when it has changed, the next one is made over a new connection (ID-052); null
///     presents nothing
/// @param server how an `https` server is recognised; null only for `http`
public record TransportConfig(
        URI base,
        @Nullable Supplier<Credential> own,
        @Nullable ServerCheck server,
        TransportLimits limits,
        InstantSource clock) {
    public TransportConfig {
        String scheme = String.valueOf(base.getScheme());
        if (base.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw Fault.invalid("\"" + base + "\" is not an http or https address with a host");
        }
        if (base.getRawQuery() != null || base.getRawFragment() != null || base.getRawUserInfo() != null) {
            throw Fault.invalid("\"" + base + "\" has more than scheme, host, port and path");
        }
        if (scheme.equals("https") && server == null) {
            throw Fault.invalid("nothing says how the server at " + base + " is recognised");
        }
    }

    /// Without TLS: for loopback.
    public static TransportConfig plain(URI base) {
        return new TransportConfig(base, null, null, TransportLimits.DEFAULT, InstantSource.system());
    }

    /// A server recognised by this check; the client presents nothing.
    public static TransportConfig to(URI base, ServerCheck server) {
        return new TransportConfig(base, null, server, TransportLimits.DEFAULT, InstantSource.system());
    }

    /// The same with a credential to present.
    public TransportConfig presenting(Supplier<Credential> credential) {
        return new TransportConfig(base, credential, server, limits, clock);
    }

    /// The same with other limits.
    public TransportConfig within(TransportLimits others) {
        return new TransportConfig(base, own, server, others, clock);
    }

    boolean isSecure() {
        return "https".equals(base.getScheme());
    }

    /// The host, an IPv6 address without its brackets.
    String host() {
        String host = base.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return base.getPort() >= 0 ? base.getPort() : isSecure() ? 443 : 80;
    }

    /// The path without a slash at its end.
    String path() {
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /// Host and port, for messages.
    String where() {
        return base.getHost() + ":" + port();
    }
}
