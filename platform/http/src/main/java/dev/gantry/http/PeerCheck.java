// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/// Decides who the other side of a connection is. It is called inside the handshake, on the thread that reads the
/// socket, and again by [HttpServer#recheckPeers]; so it must be quick, thread-safe and never wait for anything.
@FunctionalInterface
public interface PeerCheck {
    /// The identity that these certificates prove, a SPIFFE ID for example.
    ///
    /// @param presented the leaf first, as it came over the wire, nothing checked yet but the possession of
    ///     the leaf's key
    /// @throws CertificateException when they prove nothing; its message says why, and the handshake ends with
    ///     an alert
    String identify(List<X509Certificate> presented) throws CertificateException;
}
