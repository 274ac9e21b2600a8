// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.Surroundings;

/// Offers WebAssembly on every device: the engine is Java and comes with the agent. A setting that makes no sense is
/// `INVALID` and stops the start.
public final class WasmRuntimeProvider implements RuntimeProvider {
    @Override
    public String name() {
        return "wasm";
    }

    @Override
    public Found find(Surroundings surroundings) {
        return new Found.Ready(WasmRuntime.open(surroundings, WasmSettings.of(surroundings.settings())));
    }
}
