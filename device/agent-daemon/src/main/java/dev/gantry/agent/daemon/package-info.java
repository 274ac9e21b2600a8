// SPDX-License-Identifier: Apache-2.0
/// The agent as a process.
@NullMarked
package dev.gantry.agent.daemon;

import org.jspecify.annotations.NullMarked;
