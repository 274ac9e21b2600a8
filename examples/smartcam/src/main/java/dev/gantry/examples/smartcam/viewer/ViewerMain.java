// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.viewer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The process `viewer`: a page at `/`, the same as JSON at `/latest`. Settings come as environment variables:
/// `CAMERA_URL`, `LISTEN_PORT` (8080), `ACCEPTANCE` (0.8).
public final class ViewerMain {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private ViewerMain() {}

    public static void main(String[] arguments) throws IOException {
        String camera = System.getenv("CAMERA_URL");
        if (camera == null) {
            System.err.println("CAMERA_URL is not set; give the address of the camera, http://camera:8080 for example");
            System.exit(2);
            return;
        }
        int port = Integer.parseInt(System.getenv().getOrDefault("LISTEN_PORT", "8080"));
        double acceptance = Double.parseDouble(System.getenv().getOrDefault("ACCEPTANCE", "0.8"));
        HttpServer server = start(port, URI.create(camera), acceptance);
        System.out.println(
                "viewer shows " + camera + " at port " + server.getAddress().getPort());
    }

    /// Asks the camera and serves the board until the process ends.
    static HttpServer start(int port, URI camera, double acceptance) throws IOException {
        var board = new AtomicReference<>(Board.empty(acceptance));
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        // Not a scheduled task: one that fails ends without a word.
        Thread.ofPlatform().daemon().name("asking").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                board.set(asked(client, camera, board.get()));
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        });
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext(
                "/latest",
                exchange -> answer(exchange, "application/json", board.get().json()));
        server.createContext(
                "/",
                exchange ->
                        answer(exchange, "text/html; charset=utf-8", board.get().page()));
        server.start();
        return server;
    }

    private static Board asked(HttpClient client, URI camera, Board board) {
        HttpRequest request = HttpRequest.newBuilder(camera.resolve("/latest"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? board.after(answer.body())
                    : board.troubled("the camera answered " + answer.statusCode());
        } catch (IOException e) {
            return board.troubled("the camera cannot be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return board;
        }
    }

    private static void answer(HttpExchange exchange, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
