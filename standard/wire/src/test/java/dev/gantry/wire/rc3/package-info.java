// SPDX-License-Identifier: Apache-2.0
/// Tests of the generation rc.3.
@NullMarked
package dev.gantry.wire.rc3;

import org.jspecify.annotations.NullMarked;
