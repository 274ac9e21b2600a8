// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules over everything that was compiled of this checkout. `PlantedTest` shows that each rule catches something.
class ArchitectureTest {
    static final Path ROOT = Path.of(System.getProperty("gantry.checkout", "../.."));

    private static final Checkout CHECKOUT = checkout();
    private static final JavaClasses PRODUCT = CHECKOUT.product();

    private static Checkout checkout() {
        try {
            return Checkout.at(ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> rules() {
        var arrows = new Arrows(CHECKOUT::moduleOf);
        var cores = new CoreRules(CHECKOUT::moduleOf);
        return Stream.of(
                Arguments.of("arrows point towards content", arrows.pointTowardsContent()),
                Arguments.of("runtimes know only their interface", arrows.runtimesKnowOnlyTheirInterface()),
                Arguments.of("cores touch no network", cores.noNetwork()),
                Arguments.of("cores touch no files", cores.noFiles()),
                Arguments.of("cores touch no database", cores.noDatabase()),
                Arguments.of("cores ask no clock", cores.noClock()),
                Arguments.of("cores draw no lots", cores.noChance()),
                Arguments.of("cores do not wait", cores.noWaiting()),
                Arguments.of("no asynchronous signatures", ShapeRules.noAsynchronousSignatures()),
                Arguments.of("no static mutable state", ShapeRules.noStaticMutableState()),
                Arguments.of("no empty package names", ShapeRules.noEmptyPackageNames()),
                Arguments.of("no empty class names", ShapeRules.noEmptyClassNames()),
                Arguments.of("every package is @NullMarked", ShapeRules.everyPackageIsNullMarked()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void everyClassOfTheProductKeepsTo(String name, Rule rule) {
        List<String> broken = rule.brokenBy(PRODUCT);
        assertTrue(broken.isEmpty(), () -> name + ":\n" + String.join("\n", broken));
    }

    @Test
    void aLibraryOfOthersIsImportedByOneModule() {
        assertEquals(List.of(), new Arrows(CHECKOUT::moduleOf).sharedLibraries(PRODUCT));
    }

    @Test
    void everyModuleHasItsArrows() {
        assertEquals(List.of(), Arrows.unknown(CHECKOUT.modules().stream().map(Checkout.Module::name)));
    }

    @Test
    void theCheckoutIsReallyThere() {
        assertFalse(PRODUCT.isEmpty());
        CoreRules.CORES.forEach(core -> assertTrue(
                PRODUCT.stream().anyMatch(type -> CHECKOUT.moduleOf(type).equals(core)), core));
    }
}
