// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.content.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String HEX = "a".repeat(64);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example.com/acme/app",
                "registry.example.com/acme/app:1.0.0_build.7",
                "127.0.0.1:5000/a/b-c/d__e:latest",
                "[::1]:5000/a",
                "localhost/a",
            })
    void aReferenceIsWrittenAsItWasRead(String text) {
        assertEquals(text, Reference.parse("oci://" + text).toString());
        assertEquals(text, Reference.parse(text).toString());
        assertEquals(
                text + "@sha256:" + HEX,
                Reference.parse(text + "@sha256:" + HEX).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app",
                "app:1",
                "host/",
                "host/App",
                "host/a//b",
                "host/../b",
                "host/a/./b",
                "host/a:",
                "host/a:-x",
                "host/a:b:c",
                "host/a@sha256:ab",
                "host/a@sha512:ab",
                "ho st/a",
                "user@host/a",
                "host:port/a",
                "host/a?x",
                "http://host/a",
                "host/a%2fb",
                "host/_a",
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> Reference.parse(text)).kind());
    }
}
