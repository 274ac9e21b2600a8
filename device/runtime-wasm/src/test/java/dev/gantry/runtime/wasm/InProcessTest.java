// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

final class InProcessTest extends WasmRuntimeTest {
    @Override
    String isolation() {
        return "in-process";
    }
}
