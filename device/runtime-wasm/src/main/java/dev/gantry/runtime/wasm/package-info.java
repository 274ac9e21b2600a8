// SPDX-License-Identifier: Apache-2.0
/// Runs WebAssembly modules.
@NullMarked
package dev.gantry.runtime.wasm;

import org.jspecify.annotations.NullMarked;
