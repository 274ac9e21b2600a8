// SPDX-License-Identifier: Apache-2.0
/// The decisions of a Workload Fleet Manager.
@NullMarked
package dev.gantry.wfm;

import org.jspecify.annotations.NullMarked;
