// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

final class OwnProcessTest extends WasmRuntimeTest {
    @Override
    String isolation() {
        return "process";
    }
}
