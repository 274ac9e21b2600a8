// SPDX-License-Identifier: Apache-2.0
/// Tests of how documents travel.
@NullMarked
package dev.gantry.wire;

import org.jspecify.annotations.NullMarked;
