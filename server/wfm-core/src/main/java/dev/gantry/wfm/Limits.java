// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

/// What one client may make the WFM keep.
///
/// @param bodyBytes of one request
/// @param devices that one client reports
/// @param deployments of one client
/// @param tombstones withdrawn deployments of one client whose removal was reported; the oldest go first
/// @param versionJump how far ahead of ours an adopted version may be before it counts as nonsense instead of as
///     a sign
///     that this WFM was restored from a backup
public record Limits(int bodyBytes, int devices, int deployments, int tombstones, long versionJump) {
    public static final Limits DEFAULT = new Limits(1 << 20, 1_000, 1_000, 100, 1L << 40);
}
