// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// What an instance tells about itself, in the order in which it happens. The last one is [Ended].
sealed interface Event {
    /// The module is loaded, checked and compiled, and its entry is being called.
    record Started() implements Event {}

    /// It wrote a line.
    ///
    /// @param error whether to standard error
    record Line(boolean error, String text) implements Event {}

    /// It was refused something that it has no grant for, some more times.
    record Denied(String grant, int times) implements Event {}

    /// Some of its lines were dropped because it wrote too many.
    record Dropped(int lines) implements Event {}

    /// It is over.
    ///
    /// @param code empty when it ended by itself with 0, else an error code of webassembly §11
    record Ended(String code, String message) implements Event {
        static final Ended WELL = new Ended("", "ended with 0");

        boolean well() {
            return code.isEmpty();
        }
    }

    /// Writes one event as a frame.
    static void write(Event event, DataOutputStream out) throws IOException {
        switch (event) {
            case Started _ -> out.writeByte(1);
            case Line(boolean error, String text) -> {
                out.writeByte(2);
                out.writeBoolean(error);
                Launch.text(out, text);
            }
            case Denied(String grant, int times) -> {
                out.writeByte(3);
                Launch.text(out, grant);
                out.writeInt(times);
            }
            case Dropped(int lines) -> {
                out.writeByte(4);
                out.writeInt(lines);
            }
            case Ended(String code, String message) -> {
                out.writeByte(5);
                Launch.text(out, code);
                Launch.text(out, message);
            }
        }
        out.flush();
    }

    /// Reads one event; bounded, because a process that runs foreign code is not trusted.
    static Event read(DataInputStream in) throws IOException {
        byte kind = in.readByte();
        return switch (kind) {
            case 1 -> new Started();
            case 2 -> new Line(in.readBoolean(), Launch.text(in));
            case 3 -> new Denied(Launch.text(in), in.readInt());
            case 4 -> new Dropped(in.readInt());
            case 5 -> new Ended(Launch.text(in), Launch.text(in));
            default -> throw new IOException("an event of the unknown kind " + kind);
        };
    }
}
