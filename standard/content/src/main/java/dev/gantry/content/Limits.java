// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

/// How large a document may be before it is refused unread.
///
/// @param bytes of the document
/// @param depth of nested arrays and objects
/// @param nodes values of all kinds, which also bounds what YAML aliases may expand to
public record Limits(int bytes, int depth, int nodes) {
    /// For every document of the standard.
    public static final Limits DOCUMENT = new Limits(1 << 20, 64, 50_000);

    /// For manifests that list the deployments of a big gateway.
    public static final Limits MANIFEST = new Limits(16 << 20, 64, 500_000);
}
