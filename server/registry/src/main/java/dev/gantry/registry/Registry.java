// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.http.HttpServer;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.ListenerLimits;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A running registry: its folder, locked against a second process, and its listener.
final class Registry implements AutoCloseable {
    private static final int SECRET_BYTES = 32;
    private static final int MOST_CONNECTIONS = 1_000;

    private final FileChannel lock;
    private final HttpServer server;

    private Registry(FileChannel lock, HttpServer server) {
        this.lock = lock;
        this.server = server;
    }

    /// Opens the folder and listens. A taken port, or a folder in use, is `UNAVAILABLE` and leaves nothing open.
    static Registry start(RegistryConfig config, RegistryLimits limits, InstantSource clock, SecureRandom chance) {
        Disk.createFolder(config.state());
        FileChannel lock = lock(config.state());
        try {
            byte[] key = new byte[SECRET_BYTES];
            chance.nextBytes(key);
            var rules =
                    new Permit.Rules(config.user(), token(config.tokenFile(), chance), config.anonymousPull(), "http");
            var permit = new Permit(rules, limits, clock, key);
            var handler = new RegistryHandler(config.content(), permit, limits, clock, UUID::randomUUID);
            ListenerConfig listener = ListenerConfig.of(
                            "registry",
                            config.listen().getHostString(),
                            config.listen().getPort())
                    .within(listenerLimits(limits));
            return new Registry(lock, HttpServer.start(listener, handler));
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static ListenerLimits listenerLimits(RegistryLimits limits) {
        ListenerLimits.Sizes usual = ListenerLimits.Sizes.DEFAULT;
        var sizes = new ListenerLimits.Sizes(
                usual.headerBytes(),
                usual.targetBytes(),
                limits.blobBytes(),
                MOST_CONNECTIONS,
                usual.pipelined(),
                usual.bytesPerSecond());
        return new ListenerLimits(sizes, ListenerLimits.Times.DEFAULT);
    }

    /// The push token, made at the first start and readable by its owner only.
    private static Secret token(Path file, SecureRandom chance) {
        try {
            if (!Files.exists(file)) {
                byte[] bytes = new byte[SECRET_BYTES];
                chance.nextBytes(bytes);
                Disk.replaceSecret(
                        file, Blob.utf8(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
            }
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw Fault.invalid("the push token in " + file + " is empty; remove the file, and start again");
            }
            return new Secret(text);
        } catch (IOException e) {
            throw Store.unavailable("read its push token " + file, e);
        }
    }

    private static FileChannel lock(Path folder) {
        try {
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = tryLock(channel);
            if (held == null) {
                channel.close();
                throw new Fault(
                        Fault.Kind.UNAVAILABLE,
                        "another registry uses the folder " + folder + "; stop it, or name another state.dir");
            }
            return channel;
        } catch (IOException e) {
            throw Store.unavailable("lock its folder " + folder, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException _) {
            // The end of the process releases it too.
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        release(lock);
    }
}
