// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Disk;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The classes of the host process, loaded and linked beforehand (the virtual machine's AOT cache), so that a module
/// starts in a fraction of the time. Made once per class path and Java version by running an empty module; where it
/// cannot be made, processes start without it.
final class HostClasses {
    private static final Logger LOG = LoggerFactory.getLogger(HostClasses.class);
    private static final long PATIENCE_SECONDS = 120;

    /// `(module (memory (export "memory") 1) (func (export "_start")))`, in the binary format.
    private static final byte[] EMPTY_COMMAND = {
        0,
        'a',
        's',
        'm',
        1,
        0,
        0,
        0, // header
        1,
        4,
        1,
        0x60,
        0,
        0, // one type: no parameters, no results
        3,
        2,
        1,
        0, // one function of it
        5,
        3,
        1,
        0,
        1, // one memory of one page
        7,
        19,
        2,
        6,
        'm',
        'e',
        'm',
        'o',
        'r',
        'y',
        2,
        0,
        6,
        '_',
        's',
        't',
        'a',
        'r',
        't',
        0,
        0, // two exports
        10,
        4,
        1,
        2,
        0,
        0x0b // its empty body
    };

    private final Path folder;
    private final String classPath;
    private final Path file;

    /// @param folder where the cache is kept
    HostClasses(Path folder, String classPath) {
        this.folder = folder;
        this.classPath = classPath;
        String name = Digest.of((System.getProperty("java.vm.version") + classPath).getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 16);
        file = folder.resolve("host-" + name + ".aot");
    }

    /// The option that uses the cache, when there is one.
    Optional<String> option() {
        return Files.isRegularFile(file) ? Optional.of("-XX:AOTCache=" + file) : Optional.empty();
    }

    /// Makes the cache when it is missing and can be made: folders of classes cannot be cached, only jars.
    ///
    /// @param command how a process is started, without its bounds
    void prepare(List<String> command) {
        boolean jars = Stream.of(classPath.split(java.io.File.pathSeparator)).allMatch(part -> part.endsWith(".jar"));
        if (!jars || Files.exists(file)) {
            return;
        }
        Path work = null;
        try {
            work = Files.createTempDirectory(folder, ".aot-");
            Path fresh = work.resolve("fresh.aot");
            var full = new ArrayList<>(command);
            full.add(1, "-XX:AOTCacheOutput=" + fresh);
            run(full, work);
            if (Files.isRegularFile(fresh)) {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                LOG.atInfo().addKeyValue("file", file).log("class cache of module processes made");
            }
        } catch (IOException | InterruptedException e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("class cache of module processes could not be made");
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        } finally {
            if (work != null) {
                discard(work);
            }
        }
    }

    private static void run(List<String> command, Path work) throws IOException, InterruptedException {
        Blob module = Blob.of(EMPTY_COMMAND);
        Path place = work.resolve("empty.wasm");
        Disk.replace(place, module);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .directory(work.toFile())
                .start();
        try (var out = new DataOutputStream(process.getOutputStream())) {
            new Launch(
                            place,
                            module.digest().value(),
                            work.resolve("train.lock"),
                            work,
                            List.of("empty"),
                            new LinkedHashMap<>(),
                            Plan.Grants.NONE,
                            Plan.Limits.DEFAULT,
                            List.of())
                    .writeTo(out);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it took longer than " + PATIENCE_SECONDS + " s");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static void discard(Path work) {
        try (Stream<Path> files = Files.list(work)) {
            for (Path each : files.toList()) {
                Files.deleteIfExists(each);
            }
            Files.deleteIfExists(work);
        } catch (IOException _) {
            // The next start finds it and goes on without.
        }
    }
}
