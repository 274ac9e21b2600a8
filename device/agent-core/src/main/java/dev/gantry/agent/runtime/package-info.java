// SPDX-License-Identifier: Apache-2.0
/// What a workload runtime must do, and what it is given: the only thing that somebody who adds a runtime has to
/// read.
///
/// Start with [Runtime]. Runtimes are found by [java.util.ServiceLoader] through [RuntimeProvider].
@NullMarked
package dev.gantry.agent.runtime;

import org.jspecify.annotations.NullMarked;
