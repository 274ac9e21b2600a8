// SPDX-License-Identifier: Apache-2.0
/// Runs Compose applications.
@NullMarked
package dev.gantry.runtime.compose;

import org.jspecify.annotations.NullMarked;
