// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import java.time.Duration;

/// How much the registry takes and gives.
///
/// @param blobBytes of one blob
/// @param manifestBytes of one manifest (the distribution specification asks for at least 4 MiB)
/// @param uploads open at a time
/// @param uploadAge after which an upload that nobody finished is removed
/// @param page of tags, when a client asks for more or does not say
/// @param tokenAge of a token that the registry issues
public record RegistryLimits(
        long blobBytes, int manifestBytes, int uploads, Duration uploadAge, int page, Duration tokenAge) {
    public static final RegistryLimits DEFAULT =
            new RegistryLimits(4L << 30, 4 << 20, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(15));
}
