// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.gantry.architecture.planted.core.Carriers;
import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirements;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RequirementsPageTest {
    private static SortedSet<String> at(String place) {
        return new TreeSet<>(Set.of(place));
    }

    private static Requirements.Row row(String id) {
        return new Requirements.Row(id, "MUST", "WFM", "a page", "one | two");
    }

    private static RequirementsPage page() {
        var code = new TreeMap<String, SortedSet<String>>();
        var tests = new TreeMap<String, SortedSet<String>>();
        code.put("MI-001", at("Code.a"));
        tests.put("MI-001", at("Test.a"));
        code.put("MI-002", at("Code.b"));
        tests.put("MI-003", at("Test.c"));
        return new RequirementsPage(
                List.of(row("MI-001"), row("MI-002"), row("MI-003"), row("MI-004")),
                List.of(new Requirements.Reading("A-1", "part", "point", "reading")),
                new Trace(code, tests));
    }

    @Test
    void everyIdThatCodeOrTestsCarryIsListed() throws IOException {
        SortedSet<String> carried = Trace.of(Checkout.at(ArchitectureTest.ROOT)).ids();
        assertFalse(carried.isEmpty());
        carried.removeAll(Requirements.all().keySet());
        assertFalse(carried.contains(Carriers.UNLISTED));
        assertEquals(Set.of(), carried, "add the id to requirements.tsv, or correct the annotation");
    }

    @Test
    void idsAreFoundOnClassesFieldsConstructorsAndMethods() {
        var places = new TreeMap<String, SortedSet<String>>();
        Trace.collect(new ClassFileImporter().importClasses(Carriers.class), places);
        assertEquals(Set.of("Carriers"), places.get("MI-001"));
        assertEquals(Set.of("Carriers", "Carriers.field"), places.get("MI-002"));
        assertEquals(Set.of("Carriers.method"), places.get(Carriers.UNLISTED));
    }

    @Test
    void aRequirementIsDoneWhenCodeAndTestCarryIt() {
        Tree.Arr rows = (Tree.Arr) Json.read(Blob.utf8(page().json()));
        List<String> states = rows.items().stream()
                .map(item -> ((Tree.Str) ((Tree.Obj) item).members().get("state")).value())
                .toList();
        assertEquals(List.of("done", "code only", "test only", "open"), states);
    }

    @Test
    void theTableEndsWithTheCounts() {
        List<String> lines = page().table().lines().toList();
        assertEquals(5, lines.size());
        assertEquals("1 done, 1 code only, 1 test only, 1 open", lines.getLast());
    }

    @Test
    void thePageKeepsBarsOutOfItsCells() {
        String page = page().markdown();
        assertTrue(page.contains("| MI-001 | MUST | WFM | one \\| two | a page | done | `Code.a` | `Test.a` |"), page);
        assertTrue(page.contains("| Management interface (`MI-`) | 4 | 1 | 1 | 1 | 1 |"), page);
        assertTrue(page.contains("| A-1 | part | point | reading |"), page);
    }

    @Test
    void wrongArgumentsAreRefusedWithTheUsage() throws IOException {
        for (List<String> wrong : List.of(
                List.of("-o"), List.of("-o", "xml"), List.of("x"), List.of("-x", "json"), List.of("-o", "json", "y"))) {
            var err = new ByteArrayOutputStream();
            var nothing = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
            int code = RequirementsMain.run(
                    Path.of("nowhere"), wrong, nothing, new PrintStream(err, true, StandardCharsets.UTF_8));
            assertEquals(2, code, wrong::toString);
            assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("usage: "));
        }
    }
}
