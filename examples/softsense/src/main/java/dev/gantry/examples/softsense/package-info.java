// SPDX-License-Identifier: Apache-2.0
/// The vibration monitor of the demo, built from its WebAssembly text; see [Assemble] and `src/main/wat`.
@NullMarked
package dev.gantry.examples.softsense;

import org.jspecify.annotations.NullMarked;
