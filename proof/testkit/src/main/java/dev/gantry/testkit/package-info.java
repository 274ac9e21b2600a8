// SPDX-License-Identifier: Apache-2.0
/// What tests of every module share: seeds, folders of cases, a clock to turn by hand. Knows nothing of Gantry.
/// Start with [Seeds].
@NullMarked
package dev.gantry.testkit;

import org.jspecify.annotations.NullMarked;
