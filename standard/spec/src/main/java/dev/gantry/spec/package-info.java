// SPDX-License-Identifier: Apache-2.0
/// The documents and ids of the Margo standard, 1.0.0-rc.3: read strictly, checked, and written.
///
/// Ids are values that cannot exist when they are invalid: start with [DeviceId] and [DeploymentId]. Each
/// document is a
/// record with `read`, which collects what is wrong field by field, and where we author it, with `tree`.
/// Requirement
/// ids stand on what they demand: [Requirement].
@NullMarked
package dev.gantry.spec;

import org.jspecify.annotations.NullMarked;
