// SPDX-License-Identifier: Apache-2.0
/// Who is who in a Margo trust domain: SPIFFE ids, the X.509-SVID profile when issuing and when checking, trust
/// bundles.
///
/// Start with [SvidCheck], which every connection passes through.
@NullMarked
package dev.gantry.identity;

import org.jspecify.annotations.NullMarked;
