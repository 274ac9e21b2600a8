// SPDX-License-Identifier: Apache-2.0
package dev.gantry.testkit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportTest {
    private static final String PASSED = "<testcase classname=\"x.A\" name=\"holds\"/>";
    private static final String SKIPPED =
            "<testcase classname=\"x.A\" name=\"live\"><skipped message=\"Assumption failed: no engine\"/></testcase>";
    private static final String WHOLE_CLASS_SKIPPED =
            "<testcase classname=\"x.B\" name=\"\"><skipped message=\"not today\"/></testcase>";
    private static final String FAILED =
            "<testcase classname=\"x.A\" name=\"breaks\"><failure message=\"m\">expected 1\n  at x</failure></testcase>";
    private static final String ERROR =
            "<testcase classname=\"x.A\" name=\"throws\"><error message=\"boom\"/></testcase>";

    @TempDir
    Path root;

    private void write(String place, String... cases) throws IOException {
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<testsuite>" + String.join("", cases) + "</testsuite>");
    }

    private List<String> printed() throws IOException {
        var bytes = new ByteArrayOutputStream();
        TestReport.of(root).print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theLastLineIsTheCountsAlone() throws IOException {
        write("a/b/target/surefire-reports/TEST-x.A.xml", PASSED, SKIPPED, FAILED);
        write("c/target/failsafe-reports/TEST-x.B.xml", PASSED, WHOLE_CLASS_SKIPPED, ERROR);
        assertEquals("2 passed, 2 failed, 2 skipped", printed().getLast());
        assertFalse(TestReport.of(root).good());
    }

    @Test
    void reasonsForSkipsComeBeforeFailuresWithTheirMessages() throws IOException {
        write("a/target/surefire-reports/TEST-x.A.xml", FAILED, SKIPPED, WHOLE_CLASS_SKIPPED, ERROR);
        assertEquals(
                List.of(
                        "skipped x.A.live: no engine",
                        "skipped x.B: not today",
                        "FAILED x.A.breaks",
                        "    expected 1",
                        "      at x",
                        "FAILED x.A.throws",
                        "    boom",
                        "0 passed, 2 failed, 2 skipped"),
                printed());
    }

    @Test
    void noTestAtAllIsNotGood() throws IOException {
        assertFalse(TestReport.of(root).good());
        assertEquals("0 passed, 0 failed, 0 skipped", printed().getLast());
        write("a/target/surefire-reports/TEST-x.A.xml", SKIPPED);
        assertFalse(TestReport.of(root).good());
        write("a/target/surefire-reports/TEST-x.B.xml", PASSED);
        assertTrue(TestReport.of(root).good());
    }

    @Test
    void aTruncatedReportCountsAsAFailedTest() throws IOException {
        Path file = Files.createDirectories(root.resolve("a/target/surefire-reports"))
                .resolve("TEST-x.A.xml");
        Files.writeString(file, "<testsuite><testcase classname=");
        assertEquals("0 passed, 1 failed, 0 skipped", printed().getLast());
    }

    @Test
    void filesOutsideReportFoldersAreNotRead() throws IOException {
        write("a/src/surefire-reports/TEST-x.A.xml", FAILED);
        write("a/target/other/TEST-x.A.xml", FAILED);
        write("a/target/surefire-reports/TEST-x.A.txt", FAILED);
        assertEquals("0 passed, 0 failed, 0 skipped", printed().getLast());
    }
}
