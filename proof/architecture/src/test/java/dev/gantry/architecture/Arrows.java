// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which module may use which, and that each library of others is used by one module only.
final class Arrows {
    /// What a module may use directly; it may also use what those may use.
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("content", Set.of()),
            Map.entry("spec", Set.of("content")),
            Map.entry("wire", Set.of("spec")),
            Map.entry("identity", Set.of("content")),
            Map.entry("http", Set.of("wire", "identity")),
            Map.entry("oci", Set.of("spec", "http")),
            Map.entry("sql", Set.of("content")),
            Map.entry("wfm-core", Set.of("wire")),
            Map.entry("wfm-server", Set.of("wfm-core", "http", "identity", "oci", "sql")),
            Map.entry("mis", Set.of("identity", "http", "sql")),
            Map.entry("registry", Set.of("http")),
            Map.entry("agent-core", Set.of("wire")),
            Map.entry("agent-daemon", Set.of("agent-core", "http", "oci")),
            Map.entry("runtime-wasm", Set.of("agent-core")),
            Map.entry("runtime-compose", Set.of("agent-core")),
            Map.entry("app-tools", Set.of("spec", "oci")),
            Map.entry("cli", Set.of("http", "app-tools")),
            Map.entry("smartcam", Set.of("oci")),
            Map.entry("softsense", Set.of()),
            Map.entry("launcher", Set.of()),
            Map.entry("testkit", Set.of()),
            Map.entry("simulator", Set.of("wfm-core", "agent-core", "http", "testkit")));

    private static final Set<String> EVERYTHING = Set.of("benchmarks", "architecture");
    private static final String RUNTIME_INTERFACE = "dev.gantry.agent.runtime";
    private static final Set<String> USED_BY_ALL = Set.of("org.slf4j", "org.jspecify");

    private final Function<JavaClass, String> moduleOf;

    Arrows(Function<JavaClass, String> moduleOf) {
        this.moduleOf = moduleOf;
    }

    /// The modules that this table knows nothing of.
    static List<String> unknown(Stream<String> modules) {
        return modules.filter(module -> !ALLOWED.containsKey(module) && !EVERYTHING.contains(module))
                .toList();
    }

    Rule pointTowardsContent() {
        return new Rule(
                "arrows between modules are in docs/architecture.md; move what is needed towards content, or hand it in",
                type -> {
                    String from = moduleOf.apply(type);
                    if (EVERYTHING.contains(from)) {
                        return Stream.empty();
                    }
                    Set<String> allowed = reachable(from);
                    return targets(type)
                            .map(moduleOf)
                            .filter(to -> !to.isEmpty() && !allowed.contains(to))
                            .map(to -> "of " + from + " uses " + to);
                });
    }

    private static Set<String> reachable(String from) {
        var reached = new TreeSet<String>();
        var open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            String module = open.removeLast();
            if (reached.add(module)) {
                open.addAll(ALLOWED.getOrDefault(module, Set.of()));
            }
        }
        return reached;
    }

    Rule runtimesKnowOnlyTheirInterface() {
        return new Rule(
                "a runtime gets what it may use through " + RUNTIME_INTERFACE + ", so that others can write one",
                type -> moduleOf.apply(type).startsWith("runtime-")
                        ? targets(type)
                                .filter(target -> moduleOf.apply(target).equals("agent-core"))
                                .filter(target -> !target.getPackageName().equals(RUNTIME_INTERFACE))
                                .map(target -> "uses " + target.getName())
                        : Stream.empty());
    }

    private static Stream<JavaClass> targets(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(found -> found.getTargetClass().getBaseComponentType());
    }

    /// The libraries that more than one module imports; a library is the first part of its package name, two names
    /// long,
    /// or three under `org.apache`.
    List<String> sharedLibraries(Iterable<JavaClass> types) {
        var importers = new TreeMap<String, Set<String>>();
        types.forEach(type -> targets(type)
                .map(JavaClass::getPackageName)
                .filter(Arrows::ofOthers)
                .map(Arrows::library)
                .filter(library -> !USED_BY_ALL.contains(library))
                .forEach(library ->
                        importers.computeIfAbsent(library, _ -> new TreeSet<>()).add(moduleOf.apply(type))));
        return importers.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> entry.getKey() + " is imported by " + entry.getValue()
                        + ": one module wraps a library, the others use that module")
                .toList();
    }

    private static boolean ofOthers(String packageName) {
        return !packageName.isEmpty()
                && Stream.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "org.w3c.", "org.xml.", "dev.gantry.")
                        .noneMatch((packageName + ".")::startsWith);
    }

    private static String library(String packageName) {
        List<String> parts = List.of(packageName.split("\\.", -1));
        int length = packageName.startsWith("org.apache.") ? 3 : 2;
        return String.join(".", parts.subList(0, Math.min(length, parts.size())));
    }
}
