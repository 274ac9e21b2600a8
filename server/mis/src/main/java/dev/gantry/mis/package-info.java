// SPDX-License-Identifier: Apache-2.0
/// The Margo Identity Service of one trust domain: enrols, issues, renews, publishes the trust bundle (ID-104).
///
/// Start with [Enrolments], where every decision is made over a [State]; [OpenHandler] and [RenewalHandler] are
/// the calls, [MisMain] is the process.
@NullMarked
package dev.gantry.mis;

import org.jspecify.annotations.NullMarked;
