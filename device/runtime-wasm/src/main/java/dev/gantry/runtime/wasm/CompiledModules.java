// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.Cache;

/// Compiled modules on disk, by the module's digest and the engine's version. Each file begins with the digest of the
/// rest; a damaged one counts as absent. Only the agent's user can write here, which matters because compiled code is
/// no longer checked.
final class CompiledModules implements Cache {
    private static final int HEX = 64;
    private final Path folder;
    private final String engine;

    CompiledModules(Path folder, String engine) {
        this.folder = folder;
        this.engine = engine;
    }

    @Override
    public byte @Nullable [] get(String key) throws IOException {
        try {
            byte[] file = Files.readAllBytes(path(key));
            if (file.length < HEX) {
                return null;
            }
            byte[] content = Arrays.copyOfRange(file, HEX, file.length);
            String said = new String(file, 0, HEX, StandardCharsets.US_ASCII);
            return Digest.of(content).hex().equals(said) ? content : null;
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    @Override
    public void putIfAbsent(String key, byte[] data) {
        byte[] head = Digest.of(data).hex().getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(head, HEX + data.length);
        System.arraycopy(data, 0, file, HEX, data.length);
        Disk.replaceSecret(path(key), Blob.of(file));
    }

    Path path(String key) {
        return folder.resolve(
                Digest.of((engine + " " + key).getBytes(StandardCharsets.UTF_8)).hex() + ".jvm");
    }
}
