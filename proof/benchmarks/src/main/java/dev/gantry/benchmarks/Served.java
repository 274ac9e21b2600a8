// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.http.HttpServer;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.PeerCheck;
import dev.gantry.http.ServerTls;
import dev.gantry.wire.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/// What both server processes do alike: the same listener, one line with its port on standard output, and an end when
/// standard input ends, so that none outlives the run that started it.
final class Served {
    /// Stands before the port in that line.
    static final String ANNOUNCED = "listening on ";

    private Served() {}

    static void until(Path site, PeerCheck peers, Handler handler) throws IOException {
        var listener = ListenerConfig.of("device API", "127.0.0.1", 0);
        try (var server = HttpServer.start(listener.over(ServerTls.mutual(Site.own(site), peers)), handler)) {
            System.out.println(ANNOUNCED + server.port());
            System.out.flush();
            try (InputStream parent = System.in) {
                parent.transferTo(OutputStream.nullOutputStream());
            }
        }
    }
}
