// SPDX-License-Identifier: Apache-2.0
/// What an application supplier publishes: the application description of Margo 1.0.0-rc.3, read strictly, with every
/// broken rule named; which devices a profile may run on; and whether a user's values fit their schemas.
///
/// Start with [ApplicationDescription]; then [Matching] for devices and [ParameterCheck] for values. Everything here is
/// a
/// pure function of documents.
@NullMarked
package dev.gantry.spec.application;

import org.jspecify.annotations.NullMarked;
