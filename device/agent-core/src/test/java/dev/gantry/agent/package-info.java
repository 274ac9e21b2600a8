// SPDX-License-Identifier: Apache-2.0
/// Tests of the agent's decisions. `Bench` is a device made of hand-written fakes.
@NullMarked
package dev.gantry.agent;

import org.jspecify.annotations.NullMarked;
