// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Yaml;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.testkit.Cases;
import dev.gantry.testkit.Seeds;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Documents that others have published, and what was made of them.
class DocumentsTest {
    static Stream<Path> valid() {
        return Cases.under(DocumentsTest.class, "documents/valid");
    }

    static Stream<Path> invalid() {
        return Cases.under(DocumentsTest.class, "documents/invalid");
    }

    private static Blob source(Path file) {
        try {
            return Blob.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Blob vector(String name) {
        return valid().filter(file -> file.endsWith(name))
                .findFirst()
                .map(DocumentsTest::source)
                .orElseThrow();
    }

    private static Read<?> read(String name, Blob source) {
        return switch (name.substring(0, name.indexOf('-'))) {
            case "DeviceCapabilitiesManifest" -> Capabilities.read(source);
            case "DeploymentStatusManifest" -> DeploymentStatus.read(source);
            case "StateManifest", "DesiredStateManifest" -> StateManifest.read(source);
            case "ApplicationDeployment" -> ApplicationDeployment.read(source);
            default -> throw new AssertionError("no reader for " + name);
        };
    }

    @ParameterizedTest
    @MethodSource("valid")
    @Requirement({"MI-040", "MI-085", "MI-105", "DP-001", "DP-002", "DP-003", "DP-004", "DP-005", "DV-004", "DV-010"})
    void whatIsValidIsReadAndKeepsItsBytes(Path file) {
        Blob source = source(file);
        assertEquals(source, read(file.getFileName().toString(), source).source());
    }

    @ParameterizedTest
    @MethodSource("invalid")
    @Requirement({"MI-043", "MI-045", "MI-046", "MI-107", "DP-001", "DP-004", "DV-006", "DV-011"})
    void whatIsInvalidIsRefusedWithTheFieldAndTheRule(Path file) {
        Fault fault = assertThrows(Fault.class, () -> read(file.getFileName().toString(), source(file)));
        assertEquals(Fault.Kind.INVALID, fault.kind());
        assertFalse(fault.findings().isEmpty(), fault.getMessage());
        assertTrue(
                fault.findings().stream().allMatch(finding -> !finding.field().isEmpty()), fault.getMessage());
    }

    /// Whatever is done to a document, its reader answers or refuses it, and does nothing else.
    @Seeds(200)
    void aDamagedDocumentNeverBreaksItsReader(long seed) {
        var chance = new SplittableRandom(seed);
        List<Path> files = valid().toList();
        Path file = files.get(chance.nextInt(files.size()));
        byte[] bytes = source(file).toByteArray();
        for (int damage = 0; damage < 1 + chance.nextInt(4); damage++) {
            bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
        }
        try {
            assertDoesNotThrow(() -> read(file.getFileName().toString(), Blob.of(bytes)));
        } catch (AssertionError e) {
            assertTrue(e.getCause() instanceof Fault fault && fault.kind() == Fault.Kind.INVALID, e::toString);
        }
    }

    @Test
    @Requirement({"MI-105", "MI-109", "MI-115", "MI-117", "DV-038", "DV-042"})
    void aStatusIsWrittenAsItWasRead() {
        Blob source = vector("DeploymentStatusManifest-failed.json");
        DeploymentStatus status = DeploymentStatus.read(source).value();
        assertEquals(State.FAILED, status.state());
        assertEquals("PULL_FAILED", status.error().orElseThrow().code());
        assertEquals(Json.read(source), status.tree());
    }

    @Test
    @Requirement({"MI-105", "MI-107", "MI-109"})
    void aStatusThatBreaksARuleNamesIt() {
        String good = vector("DeploymentStatusManifest-failed.json").text();
        assertRule("MI-105", good.replace("\"adoptedManifestVersion\": 7", "\"adoptedManifestVersion\": 0"));
        assertRule("MI-105", good.replace("\"adoptedManifestVersion\": 7", "\"adoptedManifestVersion\": \"7\""));
        assertRule("MI-105", good.replace("\"adoptedManifestVersion\": 7", "\"adoptedManifestVersion\": 7.5"));
        assertRule("MI-107", good.replace("\"state\": \"failed\"", "\"state\": \"Failed\""));
        assertRule("MI-080", good.replace("press-07", "press/../07"));
        assertRule("DV-042", good.replace("historian-db", "historian-api"));
    }

    private static void assertRule(String rule, String document) {
        Fault fault = assertThrows(Fault.class, () -> DeploymentStatus.read(Blob.utf8(document)));
        assertTrue(fault.findings().stream().anyMatch(finding -> finding.rule().equals(rule)), fault.getMessage());
    }

    @Test
    @Requirement({"DP-013", "DP-017"})
    void aDeploymentIsWrittenAsItWasRead() {
        for (String name :
                List.of("ApplicationDeployment-press-monitor.yaml", "ApplicationDeployment-historian.yaml")) {
            ApplicationDeployment deployment =
                    ApplicationDeployment.read(vector(name)).value();
            assertEquals(
                    deployment,
                    ApplicationDeployment.read(Yaml.write(deployment.tree())).value());
        }
    }

    @Test
    @Requirement({"MI-092", "MI-093", "DV-012"})
    void unknownRuntimesAndTypesCountAsCustom() {
        String report = vector("DeviceCapabilitiesManifest-hosting.json")
                .text()
                .replaceFirst("(\"supportedDeploymentTypes\"\\s*:\\s*\\[)", "$1 \"quantum\", ");
        Capabilities capabilities = Capabilities.read(Blob.utf8(report)).value();
        assertTrue(capabilities.deploymentTypes().contains("custom"));
        assertEquals(
                capabilities,
                Capabilities.read(Json.canonical(capabilities.tree())).value());
    }

    @Test
    @Requirement({"MI-040", "MI-042"})
    void versionsAreUnsignedAndNeverRunOver() {
        var largest = ManifestVersion.of(new BigDecimal("18446744073709551615"));
        assertTrue(largest.isAfter(new ManifestVersion(Long.MAX_VALUE)));
        assertEquals("18446744073709551615", largest.toString());
        assertThrows(Fault.class, largest::next);
        for (String wrong : List.of("0", "-1", "1.5", "18446744073709551616")) {
            assertThrows(Fault.class, () -> ManifestVersion.of(new BigDecimal(wrong)), wrong);
        }
    }

    @Test
    @Requirement({"MI-108", "DV-041"})
    void theMostSevereStateIsTheOverallOne() {
        assertEquals(State.INSTALLED, State.overall(List.of(State.INSTALLED)));
        assertEquals(State.FAILED, State.overall(List.of(State.INSTALLED, State.FAILED, State.REMOVING)));
        assertEquals(State.INSTALLING, State.overall(List.of(State.PENDING, State.INSTALLING)));
        assertEquals(State.REMOVING, State.overall(List.of(State.REMOVED, State.REMOVING)));
    }
}
