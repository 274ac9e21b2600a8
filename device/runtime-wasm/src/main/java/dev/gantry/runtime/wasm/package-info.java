// SPDX-License-Identifier: Apache-2.0
/// Runs WebAssembly modules (WASI preview 1) as workloads of the deployment type `custom`, each in its own bounded
/// process, denied everything that was not granted (WA-05, WA-06).
///
/// Start with [WasmRuntime], then [Slot] for updates and rollback, [Generation] for one revision's life, and [Guest]
/// for what happens inside the process. [Codes] lists the error codes.
@NullMarked
package dev.gantry.runtime.wasm;

import org.jspecify.annotations.NullMarked;
