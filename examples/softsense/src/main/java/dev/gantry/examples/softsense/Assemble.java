// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.softsense;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A step of the build: makes the modules of both versions of their text. `Assemble <sources> <folder>…` writes
/// `softsense-<version>.wasm` of every version into each folder.
public final class Assemble {
    /// The versions that are built, oldest first.
    public static final List<String> VERSIONS = List.of("1.0.0", "1.1.0");

    private static final String COMMON = "monitor.wat";

    private Assemble() {}

    /// Called by Maven.
    public static void main(String[] args) throws IOException {
        Path sources = Path.of(args[0]);
        for (String version : VERSIONS) {
            String text = "(module\n" + Files.readString(sources.resolve(COMMON))
                    + Files.readString(sources.resolve("softsense-" + version + ".wat")) + ")\n";
            byte[] module = Wat2Wasm.parse(text);
            for (String folder : List.of(args).subList(1, args.length)) {
                Path place = Files.createDirectories(Path.of(folder));
                Files.write(place.resolve("softsense-" + version + ".wasm"), module);
            }
        }
    }
}
