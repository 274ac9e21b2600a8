// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Blob;

/// The modules that tests run.
final class Modules {
    static final Blob HELLO = Wat.command("hello\\n", "(call $say (i32.const 1) (i32.const 1024) (i32.const 6))");

    /// Prints its variables, or its arguments, separated by NUL, as one line.
    static final Blob ENVIRONMENT = strings("environ");

    static final Blob ARGUMENTS = strings("args");

    static final Blob TRAP = Wat.command("", "unreachable");

    static final Blob EXIT_SEVEN = Wat.command("", "(call $exit (i32.const 7))");

    static final Blob ENDLESS = Wat.command("", "(loop $again (br $again))");

    /// Grows until it may not, then prints how many pages it has.
    static final Blob MEMORY_BOMB = Wat.command(
            "",
            "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))"
                    + "(call $digit (memory.size))");

    static final Blob RECURSION = Wat.compile("(module (func $down (param i64) (result i64)"
            + " (i64.add (i64.const 1) (call $down (i64.add (local.get 0) (i64.const 1)))))"
            + " (memory (export \"memory\") 1) (func (export \"_start\") (drop (call $down (i64.const 0)))))");

    static final Blob LOG_FLOOD = Wat.command(
            "0123456789012345678901234567890123456789012345678901234567890\\n",
            "(local $i i32) (loop $again (call $say (i32.const 1) (i32.const 1024) (i32.const 62))"
                    + "(local.set $i (i32.add (local.get $i) (i32.const 1)))"
                    + "(br_if $again (i32.lt_u (local.get $i) (i32.const 20000))))");

    /// Its start function, which runs while it is set up, never returns.
    static final Blob NEVER_STARTS =
            Wat.compile("(module (func $start (loop $again (br $again))) (start $start) (memory (export \"memory\") 1)"
                    + " (func (export \"_start\")))");

    static final Blob WANTS_A_FOREIGN_IMPORT =
            Wat.compile("(module (import \"env\" \"gpio_set\" (func (param i32))) (memory (export \"memory\") 1)"
                    + " (func (export \"_start\")))");

    static final Blob HUGE_MEMORY =
            Wat.compile("(module (memory (export \"memory\") 32768) (func (export \"_start\")))");

    /// Sends a heartbeat, then keeps silent.
    static final Blob FALLS_SILENT = Wat.command(
            "#heartbeat\\n",
            "(call $say (i32.const 1) (i32.const 1024) (i32.const 11)) (loop $again (call $pause (i64.const 20))"
                    + " (br $again))");

    private Modules() {}

    private static Blob strings(String what) {
        String imports = """
                (import "wasi_snapshot_preview1" "%1$s_sizes_get" (func $sizes (param i32 i32) (result i32)))
                (import "wasi_snapshot_preview1" "%1$s_get" (func $get (param i32 i32) (result i32)))
                """.formatted(what);
        return Wat.command(imports, "", """
                (drop (call $sizes (i32.const 200) (i32.const 204)))
                (drop (call $get (i32.const 2048) (i32.const 8192)))
                (i32.store8 (i32.add (i32.const 8192) (i32.load (i32.const 204))) (i32.const 10))
                (call $say (i32.const 1) (i32.const 8192) (i32.add (i32.const 1) (i32.load (i32.const 204))))
                """);
    }

    /// Calls one function of WASI and prints the error number it answers, as two digits.
    ///
    /// @param types of its parameters
    /// @param arguments as WAT
    static Blob calling(String name, String types, String arguments) {
        String imports =
                "(import \"wasi_snapshot_preview1\" \"" + name + "\" (func $call (param " + types + ") (result i32)))";
        return Wat.command(imports, "some.txt", "(call $digit (call $call " + arguments + "))");
    }

    /// Traps after a while.
    static Blob trappingAfter(int milliseconds) {
        return Wat.command("", "(call $pause (i64.const " + milliseconds + ")) unreachable");
    }

    /// Appends to a file again and again until it is refused, then prints the error number.
    static final Blob FILE_FLOOD = Wat.command("""
            (import "wasi_snapshot_preview1" "path_open"
              (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            """, "some.txt", """
            (local $error i32)
            (drop (call $open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 8) (i32.const 1)
              (i64.const 64) (i64.const 64) (i32.const 1) (i32.const 300)))
            (i32.store (i32.const 0) (i32.const 2048))
            (i32.store (i32.const 4) (i32.const 16384))
            (loop $again
              (local.set $error (call $fd_write (i32.load (i32.const 300)) (i32.const 0) (i32.const 1) (i32.const 8)))
              (br_if $again (i32.eqz (local.get $error))))
            (call $digit (local.get $error))
            """);

    /// Opens a file for writing in its first directory, prints the error number, and stays.
    static final Blob WRITES_A_FILE = Wat.command("""
            (import "wasi_snapshot_preview1" "path_open"
              (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            """, "some.txt", """
            (call $digit (call $open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 8) (i32.const 1)
              (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 300)))
            """);
}
