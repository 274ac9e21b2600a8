// SPDX-License-Identifier: Apache-2.0
/// Whole fleets in one thread: the real cores of the WFM and of the agent, against one clock and one source of chance,
/// with everything in trouble that can be. [Simulation] is one run, [Plant] says what must hold, [Faults] and
/// [Weather] what goes wrong, [Parts] where a broken port can be put. Start with [Simulation].
@NullMarked
package dev.gantry.simulator;

import org.jspecify.annotations.NullMarked;
