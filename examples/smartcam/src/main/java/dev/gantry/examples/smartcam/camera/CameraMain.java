// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.camera;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The process `camera`: `GET /latest` answers with the latest inspection. Settings come as environment variables:
/// `LISTEN_PORT` (8080), `FRAMES_PER_SECOND` (5), `SEED` (fresh).
public final class CameraMain {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;

    private CameraMain() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("LISTEN_PORT", "8080"));
        int rate = Integer.parseInt(System.getenv().getOrDefault("FRAMES_PER_SECOND", "5"));
        String seed = System.getenv("SEED");
        var chance = seed == null ? new SplittableRandom() : new SplittableRandom(Long.parseLong(seed));
        HttpServer server = start(port, rate, chance);
        System.out.println("camera takes " + rate + " frames per second, latest at port "
                + server.getAddress().getPort());
    }

    /// Takes frames and serves the latest inspection until the process ends.
    static HttpServer start(int port, int rate, SplittableRandom chance) throws IOException {
        var latest = new AtomicReference<>(Inspection.of(0, Frame.taken(WIDTH, HEIGHT, chance)));
        Duration pause = Duration.ofSeconds(1).dividedBy(Math.clamp(rate, 1, 30));
        // Not a scheduled task: one that fails ends without a word.
        Thread.ofPlatform().daemon().name("shutter").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                latest.set(Inspection.of(latest.get().sequence() + 1, Frame.taken(WIDTH, HEIGHT, chance)));
                LockSupport.parkNanos(pause.toNanos());
            }
        });
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/latest", exchange -> {
            byte[] body = latest.get().json().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        return server;
    }
}
