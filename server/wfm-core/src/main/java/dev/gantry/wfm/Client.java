// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.spec.ClientId;
import dev.gantry.spec.Requirement;
import java.time.Instant;

/// A management client and what the accepted-client policy says of it. A valid SVID is never enough (ID-089).
///
/// @param since when it came to this standing
@Requirement({"ID-089", "ID-090", "ID-091"})
public record Client(ClientId id, Standing standing, Instant since) {
    /// How a client stands.
    public enum Standing {
        /// Known, because it was enrolled here or has knocked; not served.
        PENDING,
        /// Served.
        ACCEPTED,
        /// Served no more, although its credential may still be valid.
        RETIRED
    }

    public boolean isAccepted() {
        return standing == Standing.ACCEPTED;
    }
}
