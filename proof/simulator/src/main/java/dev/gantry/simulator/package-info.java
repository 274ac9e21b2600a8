// SPDX-License-Identifier: Apache-2.0
/// A whole fleet in one thread.
@NullMarked
package dev.gantry.simulator;

import org.jspecify.annotations.NullMarked;
