// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.gantry.content.Blob;

/// Modules for tests, written as text and compiled when the test runs.
final class Wat {
    /// What most modules begin with.
    static final String HEAD = """
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              %s
              (memory (export "memory") 1)
              (func $say (param $fd i32) (param $at i32) (param $length i32)
                (i32.store (i32.const 0) (local.get $at))
                (i32.store (i32.const 4) (local.get $length))
                (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
              (func $digit (param $value i32)
                (i32.store8 (i32.const 32) (i32.add (i32.const 48) (i32.div_u (local.get $value) (i32.const 10))))
                (i32.store8 (i32.const 33) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
                (i32.store8 (i32.const 34) (i32.const 10))
                (call $say (i32.const 1) (i32.const 32) (i32.const 3)))
              (func $pause (param $ms i64)
                (i64.store (i32.const 64) (i64.const 0))
                (i64.store (i32.const 72) (i64.const 0))
                (i64.store (i32.const 80) (i64.const 1))
                (i64.store (i32.const 88) (i64.mul (local.get $ms) (i64.const 1000000)))
                (i64.store (i32.const 96) (i64.const 0))
                (i64.store (i32.const 104) (i64.const 0))
                (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 192))))
            """;

    private Wat() {}

    static Blob compile(String text) {
        return Blob.of(Wat2Wasm.parse(text));
    }

    /// A command with these imports and this body of `_start`; `data` lies at 1024.
    static Blob command(String imports, String data, String body) {
        return compile(HEAD.formatted(imports) + "(data (i32.const 1024) \"" + data + "\")\n(func (export \"_start\") "
                + body + "))");
    }

    static Blob command(String data, String body) {
        return command("", data, body);
    }

    /// Says a line, then goes on for ever.
    static Blob ticking(String line) {
        return command(
                line + "\\n",
                "(call $say (i32.const 1) (i32.const 1024) (i32.const " + (line.length() + 1) + "))"
                        + "(loop $again (call $pause (i64.const 20)) (br $again))");
    }
}
