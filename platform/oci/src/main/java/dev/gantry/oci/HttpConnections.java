// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Fault;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.TransportConfig;
import dev.gantry.http.TransportLimits;
import dev.gantry.wire.Transport;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Connections over real sockets: one [HttpTransport] for each origin, kept until this is closed. Registries are
/// recognised as the [ServerCheck] says, by the public anchors or by a site's own.
public final class HttpConnections implements Connections, AutoCloseable {
    /// How many registries, token services and object stores a process talks to at most.
    private static final int ORIGINS = 256;

    private final ServerCheck check;
    private final TransportLimits limits;
    private final Map<URI, HttpTransport> transports = new ConcurrentHashMap<>();

    /// @param check how TLS servers are recognised
    /// @param sizes the largest blob that is fetched bounds an answer
    public HttpConnections(ServerCheck check, ClientLimits sizes) {
        this.check = check;
        this.limits = TransportLimits.DEFAULT.withAnswerBytes(Math.max(sizes.fileBytes(), sizes.memoryBytes()));
    }

    @Override
    public Transport to(URI origin) {
        if (transports.size() >= ORIGINS && !transports.containsKey(origin)) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "this process talks to " + ORIGINS + " registries already; restart it to forget those it left");
        }
        return transports.computeIfAbsent(origin, this::connected);
    }

    private HttpTransport connected(URI origin) {
        TransportConfig config =
                origin.getScheme().equals("https") ? TransportConfig.to(origin, check) : TransportConfig.plain(origin);
        return new HttpTransport(config.within(limits));
    }

    @Override
    public void close() {
        transports.values().forEach(HttpTransport::close);
        transports.clear();
    }
}
