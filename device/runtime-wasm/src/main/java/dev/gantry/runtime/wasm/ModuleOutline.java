// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Blob;
import dev.gantry.content.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a module shows from outside: which functions it wants and how much memory. Read in the agent before the module
/// gets a process of its own, therefore without the engine, with a bound on every count and no work that depends on
/// code. The engine validates the whole inside the process.
///
/// @param imports in their order
/// @param memory initial and maximum pages of 64 KiB; none for a module without memory
/// @param start whether it exports `_start`
record ModuleOutline(List<Import> imports, List<Pages> memory, boolean start) {
    /// Something a module wants from its host.
    record Import(String module, String name, byte kind) {
        @Override
        public String toString() {
            return module + ":" + name;
        }
    }

    /// The size of a memory, in pages of 64 KiB.
    record Pages(long initial, long maximum) {}

    static final byte FUNCTION = 0;

    private static final byte[] MAGIC = {0, 'a', 's', 'm'};
    private static final int CORE = 1;
    private static final int COMPONENT = 0x1000d;
    private static final int HEADER = 8;
    private static final int MAX_IMPORTS = 1_000;
    private static final int MAX_EXPORTS = 10_000;
    private static final int MAX_FUNCTIONS = 100_000;
    private static final int MAX_TABLES = 16;
    private static final int MAX_TABLE_ELEMENTS = 1_000_000;
    private static final int MAX_GLOBALS = 10_000;
    private static final int MAX_NAME = 1_000;
    private static final int MAX_PAGES = 1 << 16;
    private static final int VAR_INT_BYTES = 5;

    /// Reads the outline: `WASM_INVALID_MODULE` for what is no module, `WASM_FEATURE_UNSUPPORTED`'s sibling
    /// `WASM_FORMAT_UNSUPPORTED` for a component.
    static ModuleOutline read(Blob module) throws WorkloadException {
        try {
            return new Reader(module.buffer().order(ByteOrder.LITTLE_ENDIAN)).read();
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
            throw new WorkloadException(Codes.INVALID_MODULE, "the module ends in the middle of a section", false, e);
        }
    }

    private static final class Reader {
        private final ByteBuffer in;
        private final List<Import> imports = new ArrayList<>();
        private final List<Pages> memory = new ArrayList<>();
        private boolean start;

        Reader(ByteBuffer in) {
            this.in = in;
        }

        ModuleOutline read() throws WorkloadException {
            header();
            int last = 0;
            while (in.hasRemaining()) {
                int id = in.get();
                int size = count("section", in.remaining());
                int end = in.position() + size;
                if (end > in.limit()) {
                    throw invalid("the module ends in the middle of a section");
                }
                if (id != 0) {
                    if (order(id) <= last) {
                        throw invalid("section " + id + " stands twice or in the wrong place");
                    }
                    last = order(id);
                }
                section(id);
                in.position(end);
            }
            return new ModuleOutline(List.copyOf(imports), List.copyOf(memory), start);
        }

        private void header() throws WorkloadException {
            if (in.remaining() < HEADER) {
                throw invalid("the module has only " + in.remaining() + " bytes");
            }
            for (byte expected : MAGIC) {
                if (in.get() != expected) {
                    throw invalid("the file is no WebAssembly module: it does not begin with 00 61 73 6d");
                }
            }
            int version = in.getInt();
            if (version == COMPONENT) {
                throw new WorkloadException(
                        Codes.FORMAT_UNSUPPORTED,
                        "the file is a component (preview 2), this device runs core modules of preview 1",
                        false,
                        null);
            }
            if (version != CORE) {
                throw invalid("version " + Integer.toUnsignedString(version) + " of the binary format is not known");
            }
        }

        /// Sections come in the order of their numbers, except tags (13) after memory and data count (12) before code.
        private static int order(int id) throws WorkloadException {
            return switch (id) {
                case 1, 2, 3, 4, 5 -> id;
                case 13 -> 6;
                case 6, 7, 8, 9 -> id + 1;
                case 12 -> 11;
                case 10, 11 -> id + 2;
                default -> throw invalid("section " + id + " is not known");
            };
        }

        private void section(int id) throws WorkloadException {
            switch (id) {
                case 2 -> imports();
                case 3 -> count("functions", MAX_FUNCTIONS);
                case 4 -> tables();
                case 5 -> memories();
                case 6 -> count("globals", MAX_GLOBALS);
                case 7 -> exports();
                default -> {
                    // Nothing in the other sections shows from outside; the engine checks them.
                }
            }
        }

        private void imports() throws WorkloadException {
            int count = count("imports", MAX_IMPORTS);
            for (int i = 0; i < count; i++) {
                String module = name();
                var wanted = new Import(module, name(), in.get());
                imports.add(wanted);
                if (wanted.kind != FUNCTION) {
                    // Only functions are offered, so what follows does not matter: the import is refused by its name.
                    return;
                }
                number();
            }
        }

        private void tables() throws WorkloadException {
            int count = count("tables", MAX_TABLES);
            for (int i = 0; i < count; i++) {
                byte type = in.get();
                if (type != 0x70 && type != 0x6f) {
                    return;
                }
                int flags = in.get();
                if (number() > MAX_TABLE_ELEMENTS) {
                    throw invalid("a table begins with more than " + MAX_TABLE_ELEMENTS + " elements");
                }
                if ((flags & 1) != 0) {
                    number();
                }
            }
        }

        private void memories() throws WorkloadException {
            if (count("memories", 1) == 1) {
                int flags = in.get();
                if (flags < 0 || flags > 1) {
                    throw invalid("shared and 64-bit memories are not supported");
                }
                long initial = number();
                long maximum = flags == 1 ? number() : MAX_PAGES;
                if (initial > MAX_PAGES || maximum > MAX_PAGES || initial > maximum) {
                    throw invalid("the memory's size makes no sense");
                }
                memory.add(new Pages(initial, maximum));
            }
        }

        private void exports() throws WorkloadException {
            int count = count("exports", MAX_EXPORTS);
            for (int i = 0; i < count; i++) {
                String name = name();
                byte kind = in.get();
                number();
                start |= kind == FUNCTION && name.equals("_start");
            }
        }

        private String name() throws WorkloadException {
            var bytes = new byte[count("characters of a name", MAX_NAME)];
            in.get(bytes);
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw invalid("a name is not UTF-8: " + Text.quoted(new String(bytes, StandardCharsets.ISO_8859_1)));
            }
        }

        private int count(String what, int most) throws WorkloadException {
            long value = number();
            if (value > most) {
                throw invalid(
                        what.equals("section")
                                ? "the module ends in the middle of a section"
                                : value + " " + what + ", at most " + most + " are allowed");
            }
            return (int) value;
        }

        private long number() throws WorkloadException {
            long value = 0;
            for (int i = 0; i < VAR_INT_BYTES; i++) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << 7 * i;
                if (next >= 0) {
                    return value;
                }
            }
            throw invalid("a number is longer than " + VAR_INT_BYTES + " bytes");
        }

        private static WorkloadException invalid(String message) {
            return new WorkloadException(Codes.INVALID_MODULE, message, false, null);
        }
    }
}
