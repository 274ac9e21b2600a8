// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import java.time.Duration;

/// How much the identity service takes.
///
/// @param tokens that are kept at a time, spent ones included until they expire
/// @param identities that are known; each is kept for good
/// @param wrongSecrets for one token before it is closed
/// @param shortestToken and the longest one: how long a token may be good
/// @param remembered how long an expired token is still told apart from an unknown one
record MisLimits(
        int tokens,
        int identities,
        int wrongSecrets,
        Duration shortestToken,
        Duration longestToken,
        Duration remembered) {
    static final MisLimits DEFAULT =
            new MisLimits(2_000, 10_000, 10, Duration.ofMinutes(1), Duration.ofDays(30), Duration.ofDays(1));
}
