// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.http.HttpServer;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.ListenerLimits;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// The collector of this device: a listener, by default on loopback, and the ring that it fills. A free port is
/// chosen once and used again after a restart, so that workloads that go on meanwhile still find it.
@Requirement({"OB-001", "OB-005", "OB-006", "OB-023", "OB-024", "OB-025"})
public final class Collector implements AutoCloseable {
    private static final int CONNECTIONS = 200;

    private final SignalRing ring;
    private final HttpServer server;
    private final String host;

    private Collector(SignalRing ring, HttpServer server, String host) {
        this.ring = ring;
        this.server = server;
        this.host = host;
    }

    /// Listens from the moment this returns.
    ///
    /// @param folder of the ring
    /// @param listen port 0 for a free one
    /// @param host by which workloads reach it
    /// @throws Fault `UNAVAILABLE` when the address or the folder cannot be used
    public static Collector start(
            Path folder, InetSocketAddress listen, String host, RingLimits limits, InstantSource clock) {
        var ring = new SignalRing(folder, limits);
        try {
            var handler = new OtlpHandler(ring, limits, clock);
            return new Collector(ring, listening(folder, listen, limits, clock, handler), host);
        } catch (RuntimeException e) {
            ring.close();
            throw e;
        }
    }

    private static HttpServer listening(
            Path folder, InetSocketAddress listen, RingLimits limits, InstantSource clock, OtlpHandler handler) {
        Path file = folder.resolve("port");
        int wished = listen.getPort() == 0 ? earlier(file) : listen.getPort();
        ListenerConfig config = ListenerConfig.of("collector", listen.getHostString(), wished)
                .within(limits(limits))
                .by(clock);
        HttpServer server;
        try {
            server = HttpServer.start(config, handler);
        } catch (Fault taken) {
            if (listen.getPort() != 0 || wished == 0) {
                throw taken;
            }
            server = HttpServer.start(
                    ListenerConfig.of("collector", listen.getHostString(), 0)
                            .within(limits(limits))
                            .by(clock),
                    handler);
        }
        Disk.replace(file, Blob.utf8(Integer.toString(server.port())));
        return server;
    }

    private static int earlier(Path file) {
        try {
            int port = Integer.parseInt(Files.readString(file).strip());
            return port > 0 && port < 65_536 ? port : 0;
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }

    private static ListenerLimits limits(RingLimits limits) {
        ListenerLimits.Sizes usual = ListenerLimits.Sizes.DEFAULT;
        var sizes = new ListenerLimits.Sizes(
                usual.headerBytes(),
                usual.targetBytes(),
                limits.messageBytes(),
                CONNECTIONS,
                usual.pipelined(),
                usual.bytesPerSecond());
        return new ListenerLimits(sizes, ListenerLimits.Times.DEFAULT);
    }

    /// Where workloads send to.
    public String endpoint() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
    }

    /// What every workload is given (OB-023): the standard's variable, and the one that OpenTelemetry's own
    /// libraries read.
    public Map<String, String> environment() {
        return Map.of(
                "HTTP_OTEL_EXPORTER_OTLP_ENDPOINT", endpoint(),
                "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint(),
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    }

    public SignalRing ring() {
        return ring;
    }

    @Override
    public void close() {
        server.close();
        ring.close();
    }
}
