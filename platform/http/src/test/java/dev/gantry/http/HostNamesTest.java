// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.spec.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    @ParameterizedTest
    @CsvSource({
        "a.example, a.example, true",
        "A.Example, a.eXample., true",
        "a.example, b.example, false",
        "*.example.com, a.example.com, true",
        "*.example.com, a.b.example.com, false",
        "*.example.com, example.com, false",
        "*.com, example.com, false",
        "a*.example.com, ab.example.com, false",
        "*, localhost, false",
    })
    @Requirement("ID-059")
    void namesAreComparedAsRfc9525Says(String pattern, String host, boolean matches) {
        assertEquals(matches, HostNames.matches(pattern, host));
    }
}
