// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintTest {
    private static final Path CAMERA = Path.of("../../examples/smartcam");

    @TempDir
    Path folder;

    /// A copy of SmartCam to break.
    @BeforeEach
    void copy() throws IOException {
        for (String part : List.of("margo.yaml", "resources", "components")) {
            try (var files = Files.walk(CAMERA.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = folder.resolve(CAMERA.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    private List<String> errors() {
        return Lint.check(ApplicationFolder.of(folder)).remarks().stream()
                .filter(Remark::isError)
                .map(remark -> folder.relativize(remark.file()) + ":" + remark.line() + " " + remark.rule())
                .toList();
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        String edited = text.replace(from, to.replace("\\n", "\n"));
        assertTrue(!edited.equals(text), "the edit changes nothing");
        Files.writeString(path, edited);
    }

    @Test
    void theExampleIsClean() {
        Lint.Report report = Lint.check(ApplicationFolder.of(folder));

        assertTrue(report.isClean(), report.remarks()::toString);
        assertTrue(report.description().isPresent());
    }

    @ParameterizedTest(name = "{1} → {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "margo.yaml | apiVersion: v1 | apiVersion: v2 | margo.yaml:2 AD-001",
                "margo.yaml | revision: 1.0.0 | revision: v1.0.0 | margo.yaml:25 AD-013",
                "margo.yaml | version: 1.0.0 | 'version: [' | margo.yaml:9 AD-006",
                "margo.yaml | ./resources/icon.svg | ./resources/none.svg | margo.yaml:10 AD-078",
                "margo.yaml | ./resources/icon.svg | ../icon.svg | margo.yaml:10 AD-078",
                "margo.yaml | - name: smartcam\\n | - name: smartcat\\n | margo.yaml:39 AD-057",
                "components/smartcam/compose.yaml | services: | service: | components/smartcam/compose.yaml:1 AD-088",
                "components/smartcam/compose.yaml | services: | 'services: [' | components/smartcam/compose.yaml:3 AD-088",
                "components/smartcam/compose.yaml | read_only: true | env_file: none.env | components/smartcam/compose.yaml:6 AD-090",
                "components/smartcam/compose.yaml | read_only: true | env_file: ../x.env | components/smartcam/compose.yaml:6 AD-092",
                "components/smartcam/compose.yaml | read_only: true | env_file: /etc/x | components/smartcam/compose.yaml:6 AD-092",
                "components/smartcam/compose.yaml | read_only: true | 'build: .' | components/smartcam/compose.yaml:6 AD-084",
                "components/smartcam/compose.yaml | read_only: true | 'volumes: [\"./compose.yaml:/x\"]' | components/smartcam/compose.yaml:6 AD-091",
                "components/smartcam/compose.yaml | read_only: true | 'volumes: [\"../x:/x\"]' | components/smartcam/compose.yaml:6 AD-092",
                "components/smartcam/compose.yaml | services: | 'secrets:\\n  s:\\n    file: compose.yaml\\nservices:' | components/smartcam/compose.yaml:3 AD-091",
                "components/smartcam/compose.yaml | services: | 'configs:\\n  c:\\n    file: none\\nservices:' | components/smartcam/compose.yaml:3 AD-090",
            })
    @Requirement({"AD-088", "AD-090", "AD-091", "AD-092"})
    void whatIsWrongIsNamedWithItsLine(String file, String from, String to, String error) throws IOException {
        edit(file, from.replace("\\n", "\n"), to);

        assertTrue(
                errors().contains(error),
                () -> "found " + Lint.check(ApplicationFolder.of(folder)).remarks());
    }

    @Test
    @Requirement("AD-084")
    void aComponentWithoutSourcesIsNamed() throws IOException {
        Files.move(folder.resolve("components/smartcam"), folder.resolve("components/other"));

        assertEquals(List.of("margo.yaml:24 AD-084"), errors());
    }

    @Test
    @Requirement("AD-092")
    void linksAreNotPacked() throws IOException {
        Files.createSymbolicLink(folder.resolve("components/smartcam/link"), Path.of("/etc/passwd"));

        assertEquals(List.of("components/smartcam/link:1 AD-092"), errors());
    }

    @Test
    @Requirement("AD-088")
    void onlyOneNameIsRightForAComposeFile() throws IOException {
        Files.move(
                folder.resolve("components/smartcam/compose.yaml"), folder.resolve("components/smartcam/compose.yml"));

        assertEquals(
                List.of("components/smartcam/compose.yml:1 AD-088", "components/smartcam/compose.yaml:1 AD-088"),
                errors());
    }

    @Test
    @Requirement("AD-006")
    void aSecondDescriptionIsNamed() throws IOException {
        Files.copy(folder.resolve("margo.yaml"), folder.resolve("other.yaml"));

        assertEquals(List.of("other.yaml:1 AD-006"), errors());
    }

    @Test
    void aFolderWithoutADescriptionIsNamed() throws IOException {
        Files.delete(folder.resolve("margo.yaml"));

        assertEquals(List.of("margo.yaml:1 AD-006"), errors());
    }

    @Test
    void whatIsNoModuleIsNamed() throws IOException {
        edit("margo.yaml", "- type: compose", "- type: custom");
        edit("margo.yaml", "    deviceConstraints:\n", """
                    deviceConstraints:
                      eligibilityRules:
                        - labelSelector:
                            matchExpressions:
                              - {key: a, operator: Exists}
                """);
        Files.move(folder.resolve("components/smartcam"), folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("components/smartcam.wasm"), "not a module");

        assertEquals(List.of("components/smartcam.wasm:1 AD-069"), errors());
    }
}
