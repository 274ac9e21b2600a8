// SPDX-License-Identifier: Apache-2.0
/// The Workload Fleet Manager as a process.
@NullMarked
package dev.gantry.wfm.server;

import org.jspecify.annotations.NullMarked;
