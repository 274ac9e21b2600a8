// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

/// Where application packages come from.
public interface Packages {
    /// Fetches a package and verifies every digest.
    ///
    /// @param reference `registry/path:version`, or with a digest
    /// @throws dev.gantry.content.Fault `MISSING` when there is none, `INVALID` when it is no package, and
    ///     `UNAVAILABLE` when the registry does not answer; the message names the reference
    AppPackage fetch(String reference);
}
