// SPDX-License-Identifier: Apache-2.0
/// How a principal gets its first SVID, and the next ones: Gantry's own extension `/x-gantry/v1/enrolments` and
/// `/x-gantry/v1/renewals`, which the standard leaves to the operator.
///
/// Start with [EnrolmentToken], the one text that an operator carries to a device; [CredentialRequest] and
/// [IssuedCredential] are what goes over the wire.
@NullMarked
package dev.gantry.identity.enrolment;

import org.jspecify.annotations.NullMarked;
