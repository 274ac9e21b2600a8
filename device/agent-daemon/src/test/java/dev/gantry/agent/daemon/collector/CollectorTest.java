// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over a real socket, spoken to by a client that we did not write.
class CollectorTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.008Z");
    private static final RingLimits SMALL = new RingLimits(1_000, 8_000, 4);
    private static final byte[] MESSAGE = {0x0a, 0x02, 0x0a, 0x00};

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Collector collector;

    @BeforeEach
    void start() {
        collector = started();
    }

    private Collector started() {
        return Collector.start(folder, new InetSocketAddress("127.0.0.1", 0), "127.0.0.1", SMALL, new ManualClock(NOW));
    }

    @AfterEach
    void stop() {
        collector.close();
        client.close();
    }

    private HttpResponse<byte[]> posted(String path, String type, byte[] body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(collector.endpoint() + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Content-Type", type);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    @Requirement("OB-015")
    void everySignalIsKeptAsItCameInBothEncodings() throws IOException, InterruptedException {
        HttpResponse<byte[]> traces = posted("/v1/traces", "application/x-protobuf", MESSAGE);
        HttpResponse<byte[]> metrics = posted(
                "/v1/metrics",
                "application/json; charset=utf-8",
                "{\"resourceMetrics\":[]}".getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> logs = posted("/v1/logs", "application/x-protobuf", new byte[0]);

        assertEquals(List.of(200, 200, 200), List.of(traces.statusCode(), metrics.statusCode(), logs.statusCode()));
        assertEquals(
                "application/x-protobuf",
                traces.headers().firstValue("Content-Type").orElse(""));
        assertArrayEquals(new byte[0], traces.body());
        assertEquals("{}", new String(metrics.body(), StandardCharsets.UTF_8));
        List<Batch> kept = collector.ring().oldest(10);
        assertEquals(
                List.of(Signal.TRACES, Signal.METRICS, Signal.LOGS),
                kept.stream().map(Batch::signal).toList());
        assertArrayEquals(MESSAGE, kept.getFirst().message().toByteArray());
        assertEquals(NOW, kept.getFirst().received());
        assertEquals(Encoding.JSON, kept.get(1).encoding());
    }

    private static byte[] zipped(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        }
        return bytes.toByteArray();
    }

    @Test
    void packedMessagesAreKeptUnpacked() throws IOException, InterruptedException {
        var answer = posted("/v1/logs", "application/x-protobuf", zipped(MESSAGE), "Content-Encoding", "gzip");

        assertEquals(200, answer.statusCode());
        assertArrayEquals(
                MESSAGE, collector.ring().oldest(1).getFirst().message().toByteArray());
    }

    @Test
    void whatIsTooLargeIsRefusedPackedOrNot() throws IOException, InterruptedException {
        byte[] large = new byte[SMALL.messageBytes() + 1];

        assertEquals(413, posted("/v1/logs", "application/x-protobuf", large).statusCode());
        assertEquals(
                413,
                posted("/v1/logs", "application/x-protobuf", zipped(large), "Content-Encoding", "gzip")
                        .statusCode());
        assertEquals(0, collector.ring().size());
    }

    @Test
    void whatIsNoTelemetryIsRefusedClearly() throws IOException, InterruptedException {
        assertEquals(415, posted("/v1/logs", "text/plain", MESSAGE).statusCode());
        assertEquals(
                415,
                posted("/v1/logs", "application/x-protobuf", MESSAGE, "Content-Encoding", "br")
                        .statusCode());
        assertEquals(
                404, posted("/v1/profiles", "application/x-protobuf", MESSAGE).statusCode());
        var get = HttpRequest.newBuilder(URI.create(collector.endpoint() + "/v1/logs"));
        var wrongMethod = client.send(get.build(), HttpResponse.BodyHandlers.discarding());
        assertEquals(405, wrongMethod.statusCode());
        assertEquals("POST", wrongMethod.headers().firstValue("Allow").orElse(""));

        byte[] broken = {0x0a, 0x7f, 0x00};
        var protobuf = posted("/v1/logs", "application/x-protobuf", broken);
        assertEquals(400, protobuf.statusCode());
        assertEquals(0x12, protobuf.body()[0]);
        assertEquals(protobuf.body().length - 2, protobuf.body()[1]);
        var json = posted("/v1/logs", "application/json", "{\"resourceLogs\":".getBytes(StandardCharsets.UTF_8));
        assertEquals(400, json.statusCode());
        assertTrue(new String(json.body(), StandardCharsets.UTF_8).startsWith("{\"message\":"));
        assertEquals(
                400,
                posted("/v1/logs", "application/json", "[]".getBytes(StandardCharsets.UTF_8))
                        .statusCode());
        assertEquals(
                400,
                posted("/v1/logs", "application/x-protobuf", MESSAGE, "Content-Encoding", "gzip")
                        .statusCode());
        assertEquals(0, collector.ring().size());
    }

    @Test
    @Requirement({"OB-023", "OB-024", "OB-025"})
    void workloadsAreToldTheSamePortAfterARestart() {
        String before = collector.endpoint();
        assertEquals(before, collector.environment().get("HTTP_OTEL_EXPORTER_OTLP_ENDPOINT"));
        assertEquals(before, collector.environment().get("OTEL_EXPORTER_OTLP_ENDPOINT"));
        assertEquals("http/protobuf", collector.environment().get("OTEL_EXPORTER_OTLP_PROTOCOL"));

        collector.close();
        collector = started();

        assertEquals(before, collector.endpoint());
    }

    @Test
    void aTakenPortThatWasAskedForIsNamed(@TempDir Path other) {
        int taken = URI.create(collector.endpoint()).getPort();

        Fault fault = assertThrows(
                Fault.class,
                () -> Collector.start(
                        other, new InetSocketAddress("127.0.0.1", taken), "127.0.0.1", SMALL, new ManualClock(NOW)));

        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertTrue(
                fault.getMessage().contains("collector") && fault.getMessage().contains("" + taken));
    }
}
