// SPDX-License-Identifier: Apache-2.0
/// Whole fleets under faults, and the planted bugs that show that the invariants find something.
@NullMarked
package dev.gantry.simulator;

import org.jspecify.annotations.NullMarked;
