// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What the cores leave to the edges: network, files, databases, the clock, chance, waiting.
final class CoreRules {
    static final Set<String> CORES = Set.of("content", "spec", "wire", "identity", "wfm-core", "agent-core");

    private static final Set<String> NET_VALUES =
            Set.of("java.net.URI", "java.net.URISyntaxException", "java.net.URLDecoder", "java.net.URLEncoder");

    /// Read once, at the start: addresses to listen at are values of a process's settings.
    private static final Set<String> NET_EDGES = Set.of("dev.gantry.content.Settings");

    private static final Set<String> FILES = Set.of(
            "java.nio.file.Files",
            "java.nio.channels.FileChannel",
            "java.io.File",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.FileReader",
            "java.io.FileWriter",
            "java.io.RandomAccessFile");

    /// The few edges that live beside the cores because every process needs them.
    private static final Set<String> FILE_EDGES = Set.of(
            "dev.gantry.content.Archive",
            "dev.gantry.content.Disk",
            "dev.gantry.content.FileBlobs",
            "dev.gantry.content.Settings",
            "dev.gantry.content.SettingSources",
            "dev.gantry.identity.CredentialFolder",
            "dev.gantry.identity.TrustBundleCache",
            "dev.gantry.wire.Body");

    private static final Set<String> CLOCK = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.InstantSource.system",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now");

    private static final Set<String> CHANCE = Set.of(
            "java.util.UUID.randomUUID",
            "java.lang.Math.random",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of",
            "java.util.Collections.shuffle");

    private static final Set<String> WAITING = Set.of(
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.concurrent.locks.LockSupport.park",
            "java.util.concurrent.locks.LockSupport.parkNanos",
            "java.lang.Object.wait");

    private final Function<JavaClass, String> moduleOf;

    CoreRules(Function<JavaClass, String> moduleOf) {
        this.moduleOf = moduleOf;
    }

    private Rule forCores(String instead, Function<JavaClass, Stream<String>> breaches) {
        return new Rule(instead, type -> CORES.contains(moduleOf.apply(type)) ? breaches.apply(type) : Stream.empty());
    }

    Rule noNetwork() {
        return forCores(
                "a core is handed a Transport or is a Handler; sockets belong to http",
                type -> NET_EDGES.contains(outermost(type))
                        ? Stream.empty()
                        : uses(type).filter(CoreRules::isNetwork).map(name -> "uses " + name));
    }

    private static boolean isNetwork(String name) {
        return (name.startsWith("java.net.") && !NET_VALUES.contains(name))
                || name.startsWith("javax.net.")
                || (name.startsWith("java.nio.channels.") && name.contains("Socket"));
    }

    Rule noFiles() {
        return forCores(
                "a core keeps bytes in Blobs and state behind a port; the edge that has a main opens files",
                type -> FILE_EDGES.contains(outermost(type))
                        ? Stream.empty()
                        : uses(type).filter(FILES::contains).map(name -> "uses " + name));
    }

    Rule noDatabase() {
        return forCores(
                "a core has a port named for its need; SQL is behind it, in the server",
                type -> uses(type)
                        .filter(name -> name.startsWith("java.sql.") || name.startsWith("javax.sql."))
                        .map(name -> "uses " + name));
    }

    Rule noClock() {
        return forCores("take an InstantSource in the constructor", type -> calls(type, CLOCK));
    }

    Rule noChance() {
        return forCores(
                "take a RandomGenerator or a Supplier<UUID> in the constructor",
                type -> Stream.concat(
                        calls(type, CHANCE),
                        moduleOf.apply(type).equals("identity")
                                ? Stream.empty()
                                : calls(type, Set.of("java.security.SecureRandom.<init>"))));
    }

    Rule noWaiting() {
        return forCores("whatever lives long is a step that says when to come back", type -> calls(type, WAITING));
    }

    private static Stream<String> uses(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(found -> found.getTargetClass().getBaseComponentType().getName());
    }

    private static Stream<String> calls(JavaClass type, Set<String> forbidden) {
        return Stream.concat(type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream())
                .map(call -> call.getTargetOwner().getName() + "." + call.getName())
                .filter(forbidden::contains)
                .map(name -> "calls " + name);
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
