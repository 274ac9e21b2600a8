// SPDX-License-Identifier: Apache-2.0
/// Planted mistakes: each must be found by a rule.
@NullMarked
package dev.gantry.architecture.planted.util;

import org.jspecify.annotations.NullMarked;
