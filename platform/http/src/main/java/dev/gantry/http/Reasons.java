// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Why a connection failed, in words that people can act on.
final class Reasons {
    private static final int DEEPEST_CAUSE = 12;

    private Reasons() {}

    static String of(@Nullable Throwable why) {
        Optional<CertificateException> certificate = find(why, CertificateException.class);
        if (certificate.isPresent()) {
            return "the certificate of the other side is not accepted: "
                    + certificate.get().getMessage();
        }
        Optional<SSLException> tls = find(why, SSLException.class);
        if (tls.isPresent()) {
            String text = String.valueOf(tls.get().getMessage());
            boolean alert = text.toLowerCase(Locale.ROOT).contains("alert");
            return alert ? "the other side refused the TLS connection (" + text + ")" : "TLS failed: " + text;
        }
        if (why == null) {
            return "the connection was closed";
        }
        return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    }

    private static <T extends Throwable> Optional<T> find(@Nullable Throwable from, Class<T> kind) {
        Throwable at = from;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (kind.isInstance(at)) {
                return Optional.of(kind.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }
}
