// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real processes, real handshakes, very short windows: the figures mean nothing here, that there are any does.
@Tag("slow")
@Timeout(180)
class PollsTest {
    private static final Plan SHORT = new Plan(Duration.ofMillis(300), Duration.ofMillis(300), 1, 4, 20);

    @Test
    void everyFigureIsMeasuredAndEveryProcessEnds() throws Exception {
        long before = ProcessHandle.current().children().count();
        List<Figure> figures = new Polls().measure(SHORT);
        assertTrue(figures.stream().allMatch(figure -> figure.value() > 0), figures::toString);
        assertEquals(
                figures.size(), figures.stream().map(Figure::figure).distinct().count(), figures::toString);
        for (String expected : List.of(
                "poll 304, kept connections, CPU per request, WFM device API",
                "full handshake plus poll, rate, bare engine",
                "poll 304, cost with 20 devices to 10")) {
            assertTrue(figures.stream().anyMatch(figure -> figure.figure().equals(expected)), figures::toString);
        }
        assertEquals(before, ProcessHandle.current().children().count());
    }

    @Test
    void anAnswerOtherThan304IsAnError() throws Exception {
        try (var site = new Site();
                var wfm = ServerProcess.start(
                        "WFM", WfmUnderTest.class, site.folder().toString(), "1")) {
            var known = new Poller(site.credential(0), site.check());
            var stranger = new Poller(site.credential(7), site.check());
            byte[] request =
                    "HEAD /api/v1/deployments HTTP/1.1\r\nHost: wfm\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            try (var socket = known.connect(wfm.port())) {
                assertTrue(assertThrows(IOException.class, () -> known.poll(socket, request))
                        .getMessage()
                        .contains("200"));
            }
            try (var socket = stranger.connect(wfm.port())) {
                assertTrue(stranger.ask(socket, request).startsWith("HTTP/1.1 403"));
            }
        }
    }

    @Test
    void aServerThatCannotStartIsAnError() throws Exception {
        try (var site = new Site()) {
            String folder = site.folder().toString();
            assertThrows(IOException.class, () -> ServerProcess.start("WFM", WfmUnderTest.class, folder, "many"));
        }
    }

    @Test
    void keysGoWithTheSite() throws Exception {
        var site = new Site();
        assertTrue(Files.exists(site.folder()));
        site.close();
        assertFalse(Files.exists(site.folder()));
    }
}
