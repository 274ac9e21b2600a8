// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

/// How much a client takes from a registry.
///
/// @param manifestBytes of one manifest or index
/// @param memoryBytes of one blob that is fetched into memory
/// @param fileBytes of one blob that is fetched into a file
/// @param answerBytes of a token, a list of tags or an error
/// @param tags in one list
/// @param contents blobs and manifests of one image or artifact
public record ClientLimits(
        int manifestBytes, int memoryBytes, long fileBytes, int answerBytes, int tags, int contents) {
    public static final ClientLimits DEFAULT = new ClientLimits(4 << 20, 128 << 20, 4L << 30, 1 << 20, 10_000, 1_000);
}
