// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.images;

import dev.gantry.content.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The shared libraries that a Java runtime needs from the machine that it was linked on: what the dynamic linker of
/// that machine would load for its programs, and the linker itself.
final class Libraries {
    private static final Pattern RESOLVED =
            Pattern.compile("^\\s+(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$", Pattern.MULTILINE);
    private static final Pattern MISSING = Pattern.compile("^\\s+(\\S+) => not found", Pattern.MULTILINE);
    private static final int INTERPRETER = 3;
    private static final byte[] ELF64 = {0x7f, 'E', 'L', 'F', 2};

    /// What name resolution loads while it runs, on machines whose C library keeps it apart.
    private static final List<String> LOADED_LATER = List.of("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2");

    private Libraries() {}

    /// Absolute paths outside of the runtime, the linker's among them.
    static SortedSet<Path> of(Path runtime) {
        Path linker = interpreter(runtime.resolve("bin").resolve("java"));
        var found = new TreeSet<Path>();
        found.add(linker);
        try (var files = Files.walk(runtime)) {
            List<Path> binaries =
                    files.filter(Files::isRegularFile).filter(Libraries::isElf).toList();
            for (Path binary : binaries) {
                needed(linker, runtime, binary).stream()
                        .filter(library -> !library.startsWith(runtime))
                        .forEach(found::add);
            }
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE, "cannot read the Java runtime " + runtime + ": " + e.getMessage(), e);
        }
        List<Path> folders = found.stream().map(Libraries::folder).distinct().toList();
        for (Path folder : folders) {
            LOADED_LATER.stream().map(folder::resolve).filter(Files::exists).forEach(found::add);
        }
        return found;
    }

    private static Path folder(Path library) {
        Path parent = library.getParent();
        return parent == null ? library : parent;
    }

    private static boolean isElf(Path file) {
        try (var in = Files.newInputStream(file)) {
            return ByteBuffer.wrap(in.readNBytes(ELF64.length)).equals(ByteBuffer.wrap(ELF64));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// The linker that a program names in its header (ELF64, program header PT_INTERP).
    static Path interpreter(Path program) {
        try {
            ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(program));
            elf.order(elf.get(5) == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int table = (int) elf.getLong(32);
            int size = elf.getShort(54);
            for (int i = 0; i < elf.getShort(56); i++) {
                int header = table + i * size;
                if (elf.getInt(header) == INTERPRETER) {
                    byte[] text = new byte[(int) elf.getLong(header + 32) - 1];
                    elf.get((int) elf.getLong(header + 8), text);
                    return Path.of(new String(text, StandardCharsets.UTF_8));
                }
            }
            throw Fault.invalid(program + " names no dynamic linker; use a JDK for Linux with glibc");
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new Fault(Fault.Kind.INVALID, program + " is no ELF program: " + e.getMessage(), e);
        }
    }

    private static List<Path> needed(Path linker, Path runtime, Path binary) throws IOException {
        String inside = runtime.resolve("lib") + ":" + runtime.resolve("lib").resolve("server");
        Process list = new ProcessBuilder(linker.toString(), "--library-path", inside, "--list", binary.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher missing = MISSING.matcher(out);
        if (missing.find()) {
            throw new Fault(
                    Fault.Kind.MISSING,
                    binary + " needs " + missing.group(1) + ", which this machine does not have; install it");
        }
        return RESOLVED.matcher(out)
                .results()
                .map(match -> Path.of(match.group(1)))
                .toList();
    }
}
