// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/// Decides in the handshake who a peer is: the SPIFFE ID that its certificates prove, or an exception that ends
/// the handshake (ID-087). Asked for each connection, so that it sees the present bundle and the present time.
@FunctionalInterface
public interface PeerRule {
    /// @param presented what the peer sent, its own certificate first
    /// @return the verified SPIFFE ID
    String identify(List<X509Certificate> presented) throws CertificateException;
}
