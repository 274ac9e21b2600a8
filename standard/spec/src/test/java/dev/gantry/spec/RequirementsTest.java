// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RequirementsTest {
    @Test
    void everyPartOfTheStandardIsListedWithoutAGapInItsNumbers() {
        Map<String, List<Integer>> numbers = Requirements.all().keySet().stream()
                .collect(Collectors.groupingBy(
                        id -> id.substring(0, 2),
                        TreeMap::new,
                        Collectors.mapping(id -> Integer.parseInt(id.substring(3)), Collectors.toList())));
        assertEquals(Set.of("AD", "DM", "DP", "DV", "ID", "MI", "OB", "WA"), numbers.keySet());
        numbers.forEach((part, found) -> {
            int gap = 0; // pr1 starts again at MI-201
            for (int i = 1; i < found.size(); i++) {
                int step = found.get(i) - found.get(i - 1);
                assertTrue(step == 1 || (part.equals("MI") && found.get(i) == 201), part + "-" + found.get(i));
                gap += step == 1 ? 0 : 1;
            }
            assertEquals(part.equals("MI") ? 1 : 0, gap, part);
            assertEquals(1, found.getFirst(), part);
        });
    }

    @Test
    void levelsAreTheWordsOfTheStandard() {
        Set<String> words = Set.of("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY");
        Requirements.all().values().forEach(row -> {
            for (String word : row.level().split("/", -1)) {
                assertTrue(words.contains(word), row::toString);
            }
        });
        assertTrue(Requirements.all().get("MI-001").binding());
        assertFalse(Requirements.all().get("MI-204").binding());
    }

    @Test
    void aReadingIsUniqueInItsPart() {
        var seen = new HashSet<String>();
        Requirements.readings()
                .forEach(reading -> assertTrue(seen.add(reading.part() + " " + reading.id()), reading::toString));
        assertFalse(seen.isEmpty());
    }

    @Test
    void anIdOfAnotherFormIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Requirements.Row("MI-1", "MUST", "WFM", "page", "text"));
    }
}
