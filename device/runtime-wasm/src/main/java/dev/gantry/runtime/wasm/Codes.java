// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

/// The error codes that a component's status reports (webassembly §11).
final class Codes {
    static final String PULL_FAILED = "WASM_PULL_FAILED";
    static final String DIGEST_MISMATCH = "WASM_DIGEST_MISMATCH";
    static final String FORMAT_UNSUPPORTED = "WASM_FORMAT_UNSUPPORTED";
    static final String INVALID_MODULE = "WASM_INVALID_MODULE";
    static final String IMPORT_MISSING = "WASM_IMPORT_MISSING";
    static final String GRANT_DENIED = "WASM_GRANT_DENIED";
    static final String LIMIT_EXCEEDS_DEVICE = "WASM_LIMIT_EXCEEDS_DEVICE";
    static final String START_TIMEOUT = "WASM_START_TIMEOUT";
    static final String TRAP = "WASM_TRAP";
    static final String STACK_OVERFLOW = "WASM_STACK_OVERFLOW";
    static final String EXIT_NONZERO = "WASM_EXIT_NONZERO";
    static final String OUT_OF_MEMORY = "WASM_OUT_OF_MEMORY";
    static final String DEADLINE = "WASM_DEADLINE";
    static final String UNHEALTHY = "WASM_UNHEALTHY";
    static final String PARAMETER_INVALID = "PARAMETER_INVALID";

    private Codes() {}
}
