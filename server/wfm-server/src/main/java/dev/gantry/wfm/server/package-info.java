// SPDX-License-Identifier: Apache-2.0
/// The Workload Fleet Manager as a process. Start with [WfmMain], which wires everything on one screen;
/// [OperatorApi] is what operators reach, [DeviceListener] what devices reach.
@NullMarked
package dev.gantry.wfm.server;

import org.jspecify.annotations.NullMarked;
