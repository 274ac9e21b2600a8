// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import java.security.cert.CertificateException;

/// A peer's certificate is not accepted; the message starts with the requirement it breaks. TLS engines turn it
/// into an alert, so the peer learns that it was refused, but not why (B-4).
public final class SvidRefused extends CertificateException {
    private static final long serialVersionUID = 1;

    private final String rule;

    SvidRefused(String rule, String reason) {
        super(rule + ": " + reason);
        this.rule = rule;
    }

    /// The id of the requirement, such as `ID-021`.
    public String rule() {
        return rule;
    }
}
