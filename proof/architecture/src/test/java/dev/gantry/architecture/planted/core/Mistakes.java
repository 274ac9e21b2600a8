// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture.planted.core;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.w3c.dom.Node;

/// One mistake in each member. Never run.
@SuppressWarnings("all")
public class Mistakes {
    static int counted;

    Instant clock() {
        return Instant.now();
    }

    Supplier<Instant> clockByReference() {
        return Instant::now;
    }

    UUID chance() {
        return UUID.randomUUID();
    }

    long secretChance() {
        return new SecureRandom().nextLong();
    }

    void waits() throws InterruptedException {
        Thread.sleep(1);
    }

    String file() throws IOException {
        return Files.readString(Path.of("x"));
    }

    InetAddress network() throws IOException {
        return InetAddress.getLocalHost();
    }

    void database() throws SQLException {
        DriverManager.getConnection("x");
    }

    public List<CompletableFuture<String>> later() {
        return List.of();
    }

    Class<Node> partOfTheJdk() {
        return Node.class;
    }
}
