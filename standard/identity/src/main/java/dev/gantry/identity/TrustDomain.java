// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.regex.Pattern;

/// The name of a trust domain, such as `factory.example`: lowercase, at most 255 characters, usually but not
/// always a DNS name (ID-005). Compared exactly.
public record TrustDomain(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9._-]{1,255}");

    public TrustDomain {
        if (!FORM.matcher(name).matches()) {
            throw Fault.invalid(Text.quoted(name) + " is not a trust domain (1 to 255 of a-z, 0-9, '.', '-', '_')");
        }
    }

    /// The SPIFFE ID of the domain itself, without a path: what its authorities may carry (ID-026).
    public SpiffeId id() {
        return new SpiffeId("spiffe://" + name);
    }

    @Override
    public String toString() {
        return name;
    }
}
