// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.identity.Discovery;
import java.net.URI;

/// What others reach this service under.
///
/// @param open base of trust endpoints, enrolment and administration
/// @param renewal base of the listener that asks for client certificates
record Addresses(URI open, URI renewal) {
    static final String BUNDLE = "/.well-known/spiffe/bundle.json";
    static final String TOKENS = "/x-gantry/v1/enrolment-tokens";
    static final String IDENTITIES = "/x-gantry/v1/identities";
    static final String ENROLMENTS = "/x-gantry/v1/enrolments";
    static final String RENEWALS = "/x-gantry/v1/renewals";
    static final String DISCOVERY = Discovery.PATH;

    URI bundle() {
        return under(open, BUNDLE);
    }

    URI renewals() {
        return under(renewal, RENEWALS);
    }

    private static URI under(URI base, String path) {
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }
}
