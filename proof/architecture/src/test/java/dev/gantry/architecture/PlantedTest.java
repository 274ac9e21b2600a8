// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each rule finds the mistake that was planted for it, and only that.
class PlantedTest {
    private static final String PLANTED = "dev.gantry.architecture.planted";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(PLANTED);

    /// Planted packages stand for modules.
    private static final Map<String, String> MODULES =
            Map.of(PLANTED + ".core", "agent-core", PLANTED + ".util", "runtime-wasm", PLANTED + ".bare", "cli");

    private final Arrows arrows = new Arrows(PlantedTest::moduleOf);
    private final CoreRules cores = new CoreRules(PlantedTest::moduleOf);

    private static String moduleOf(JavaClass type) {
        return MODULES.getOrDefault(type.getPackageName(), "");
    }

    private static void assertFinds(Rule rule, String... breaches) {
        List<String> expected = Stream.of(breaches)
                .map(breach -> breach + ": " + rule.instead())
                .sorted()
                .toList();
        assertEquals(expected.stream().map(line -> PLANTED + "." + line).toList(), rule.brokenBy(CLASSES));
    }

    @Test
    void aCoreThatTouchesTheWorldIsFound() {
        assertFinds(cores.noNetwork(), "core.Mistakes uses java.net.InetAddress");
        assertFinds(cores.noFiles(), "core.Mistakes uses java.nio.file.Files");
        assertFinds(
                cores.noDatabase(),
                "core.Mistakes uses java.sql.DriverManager",
                "core.Mistakes uses java.sql.SQLException");
    }

    @Test
    void aCoreThatAsksForTimeOrChanceIsFoundByCallAndByReference() {
        assertFinds(cores.noClock(), "core.Mistakes calls java.time.Instant.now");
        assertFinds(
                cores.noChance(),
                "core.Mistakes calls java.security.SecureRandom.<init>",
                "core.Mistakes calls java.util.UUID.randomUUID");
        assertFinds(cores.noWaiting(), "core.Mistakes calls java.lang.Thread.sleep");
    }

    @Test
    void aMethodReferenceToTheClockAloneIsFound() {
        long references = CLASSES.get(PLANTED + ".core.Mistakes").getMethodReferencesFromSelf().stream()
                .filter(reference -> reference.getName().equals("now"))
                .count();
        assertEquals(1, references);
    }

    @Test
    void identityMayDrawKeys() {
        var identity = new CoreRules(_ -> "identity");
        assertFinds(identity.noChance(), "core.Mistakes calls java.util.UUID.randomUUID");
    }

    @Test
    void anEdgeMayTouchTheWorld() {
        var edge = new CoreRules(_ -> "http");
        Stream.of(
                        edge.noNetwork(),
                        edge.noFiles(),
                        edge.noDatabase(),
                        edge.noClock(),
                        edge.noChance(),
                        edge.noWaiting())
                .forEach(rule -> assertEquals(List.of(), rule.brokenBy(CLASSES)));
    }

    @Test
    void anArrowAgainstTheTreeIsFound() {
        var swapped = new Arrows(type -> moduleOf(type).replace("runtime-wasm", "spec"));
        assertFinds(swapped.pointTowardsContent(), "util.ThingManager of spec uses agent-core");
        assertFinds(arrows.pointTowardsContent());
    }

    @Test
    void aRuntimeThatLooksIntoTheAgentIsFound() {
        assertFinds(arrows.runtimesKnowOnlyTheirInterface(), "util.ThingManager uses " + PLANTED + ".core.Mistakes");
    }

    @Test
    void aLibraryWithTwoImportersIsFoundAndTheJdkIsNoLibrary() {
        List<String> shared = arrows.sharedLibraries(CLASSES);
        assertEquals(1, shared.size(), shared::toString);
        assertTrue(shared.getFirst().startsWith("com.tngtech is imported by [cli, runtime-wasm]"), shared::toString);
    }

    @Test
    void aModuleWithoutArrowsIsFound() {
        assertEquals(List.of("other"), Arrows.unknown(Stream.of("spec", "other", "benchmarks")));
    }

    @Test
    void shapesThatHideSomethingAreFound() {
        assertFinds(
                ShapeRules.noAsynchronousSignatures(),
                "core.Mistakes has java.util.concurrent.CompletableFuture in the signature of later");
        assertFinds(ShapeRules.noStaticMutableState(), "core.Mistakes has the static field counted that is not final");
        assertFinds(ShapeRules.noEmptyClassNames(), "util.ThingManager is named *Manager");
        assertFinds(ShapeRules.everyPackageIsNullMarked(), "bare.Bare is in a package that is not @NullMarked");
        assertEquals(3, ShapeRules.noEmptyPackageNames().brokenBy(CLASSES).size());
    }
}
