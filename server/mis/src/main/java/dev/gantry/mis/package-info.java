// SPDX-License-Identifier: Apache-2.0
/// The Margo Identity Service.
@NullMarked
package dev.gantry.mis;

import org.jspecify.annotations.NullMarked;
