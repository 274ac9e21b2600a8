// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.http.PeerCheck;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// What Gantry is compared to: the same engine, TLS and answer, and nothing else. Clients are checked as any server
/// with
/// mutual TLS does it, by the Java platform's trust manager; every request is answered with one and the same 304.
///
/// Arguments: the folder of the [Site], the entity tag to send.
public final class BareServer {
    private BareServer() {}

    /// Serves until standard input ends.
    public static void main(String[] arguments) throws IOException {
        Path site = Path.of(arguments[0]);
        Response unchanged = Response.of(304, "ETag", arguments[1], "Cache-Control", "private");
        Served.until(
                site, signedBy(Site.trusted(site).anchors().getFirst()), new Fixed(unchanged, Optional.of(unchanged)));
    }

    private record Fixed(Response answer, Optional<Response> ready) implements Handler {
        @Override
        public Response handle(Caller caller, Request request) {
            return answer;
        }

        @Override
        public Optional<Response> now(Caller caller, Request request) {
            return ready;
        }
    }

    private static PeerCheck signedBy(X509Certificate anchor) {
        return presented -> {
            X509Certificate leaf = presented.getFirst();
            try {
                leaf.checkValidity();
                leaf.verify(anchor.getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new CertificateException("not signed by the anchor", e);
            }
            return leaf.getSubjectX500Principal().getName();
        };
    }
}
