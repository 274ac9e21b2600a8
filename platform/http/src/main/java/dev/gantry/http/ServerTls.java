// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.identity.Credential;
import dev.gantry.spec.Requirement;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a listener proves itself and whom it lets in. TLS 1.3 unless 1.2 is asked for; no resumption, no early data.
///
/// @param own asked for every new connection, so a renewed credential is used without a restart; what it throws refuses
///     the connection
/// @param peers decides who a client is, which then must present a certificate; null lets everybody in as anonymous
/// @param allowTls12 also TLS 1.2 with the suites of RFC 9325: its handshake shows the client's identity to the network
/// @param clockSkew how long a connection may outlive the client's certificate (ID-042)
@Requirement({"ID-045", "ID-046", "ID-047", "ID-048", "ID-103"})
public record ServerTls(Supplier<Credential> own, @Nullable PeerCheck peers, boolean allowTls12, Duration clockSkew) {
    /// How far clocks may differ unless said otherwise.
    public static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    /// A listener that everybody may connect to, such as a trust endpoint.
    public static ServerTls open(Supplier<Credential> own) {
        return new ServerTls(own, null, false, CLOCK_SKEW);
    }

    /// A listener for those whom the check knows.
    public static ServerTls mutual(Supplier<Credential> own, PeerCheck peers) {
        return new ServerTls(own, peers, false, CLOCK_SKEW);
    }
}
