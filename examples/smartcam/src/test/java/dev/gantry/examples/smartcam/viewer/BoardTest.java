// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoardTest {
    private static String answer(int sequence, String score) {
        return "{\"sequence\":" + sequence + ",\"sharpness\":1.000,\"spots\":0.0000,\"score\":" + score + "}";
    }

    @Test
    void eachFrameIsCountedOnceAndLowScoresAreRejected() {
        Board board = Board.empty(0.8)
                .after(answer(1, "0.900"))
                .after(answer(1, "0.900"))
                .after(answer(2, "0.100"))
                .after(answer(3, "0.800"));

        assertEquals(
                "{\"camera\":true,\"sequence\":3,\"score\":0.800,\"good\":true,\"seen\":3,\"rejected\":1}",
                board.json());
    }

    @Test
    void whatCannotBeReadKeepsTheLatestAndSaysSo() {
        Board board = Board.empty(0.8).after(answer(1, "0.900")).after("<html>");

        assertTrue(board.json().startsWith("{\"camera\":false,\"sequence\":1,\"score\":0.900"), board::json);
        assertTrue(board.page().contains("cannot be read"), board::page);
    }

    /// The viewer as a server, in front of a camera that answers once it was asked.
    @Test
    void thePageShowsWhatTheCameraSays() throws IOException, InterruptedException {
        var asked = new CountDownLatch(2);
        HttpServer camera = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        camera.createContext("/latest", exchange -> {
            byte[] body = answer(5, "0.950").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            asked.countDown();
        });
        camera.start();
        URI place = URI.create("http://127.0.0.1:" + camera.getAddress().getPort());
        HttpServer viewer = ViewerMain.start(0, place, 0.8);
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertTrue(asked.await(20, TimeUnit.SECONDS), "the viewer does not ask");
            URI page = URI.create("http://127.0.0.1:" + viewer.getAddress().getPort() + "/");

            String text = client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body();

            assertTrue(text.contains("Product 5: <strong>0.950</strong> (good)"), text);
        } finally {
            viewer.stop(0);
            camera.stop(0);
        }
    }
}
