// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ApplicationDescriptionTest {
    static Blob source(Path file) throws IOException {
        return Blob.of(Files.readAllBytes(file));
    }

    static Blob named(String name) {
        try (var in = ApplicationDescriptionTest.class.getResourceAsStream(name)) {
            return Blob.of(in.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static ApplicationDescription monitor() {
        return ApplicationDescription.read(named("accepted/line-monitor.yaml")).value();
    }

    static Stream<Path> accepted() {
        return Cases.under(ApplicationDescriptionTest.class, "accepted");
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void aValidDescriptionIsReadAndItsBytesAreKept(Path file) throws IOException {
        Blob source = source(file);

        Read<ApplicationDescription> read = ApplicationDescription.read(source);

        assertEquals(source, read.source());
        assertTrue(read.value().id().value().startsWith("com-example-"));
    }

    @Test
    void everyPublishedExampleHasItsExpectation() {
        assertEquals(
                9, Cases.under(ApplicationDescriptionTest.class, "published").count());
    }

    @ParameterizedTest
    @CsvSource({
        "ApplicationDescription-001-bad-id.yaml, id AD-002; deploymentProfiles[0].type AD-010",
        "ApplicationDescription-custom-page.yaml, apiVersion AD-001; id AD-002; parameters AD-056; configuration AD-061",
        "interim-001-helm.yaml, apiVersion AD-001",
        "interim-001-compose_only.yaml, apiVersion AD-001; deploymentProfiles[0].components[0].properties.repository AD-012",
        "interim-002-bad-id.yaml, id AD-002",
        "pr1-001.yaml, id AD-002; deploymentProfiles[0].type AD-010",
        "pr1-002.yaml, id AD-002; deploymentProfiles[0].requiredResources AD-064",
        "pr1-001-wrong-kind.yaml, kind AD-001",
    })
    @Requirement({"AD-001", "AD-002", "AD-010", "AD-012"})
    void anOlderPublishedExampleIsRefusedForTheNamedRules(String file, String expected) {
        Fault fault = refused(named("published/" + file));

        for (String one : expected.split("; ", -1)) {
            assertTrue(broken(fault).contains(one), () -> one + " is not in " + fault.findings());
        }
    }

    @Test
    void theUnparsablePublishedExampleIsRefusedWithItsLine() {
        Fault fault = refused(named("published/ApplicationDescription-002-malformed-yaml.yaml"));

        assertTrue(fault.getMessage().contains("line 59"), fault::getMessage);
    }

    private static Fault refused(Blob source) {
        Fault fault = assertThrows(Fault.class, () -> ApplicationDescription.read(source));
        assertEquals(Fault.Kind.INVALID, fault.kind());
        return fault;
    }

    private static List<String> broken(Fault fault) {
        return fault.findings().stream().map(f -> f.field() + " " + f.rule()).toList();
    }

    /// One edit of the valid description, and the finding that must follow, and no other.
    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "apiVersion: v1 | apiVersion: v2 | apiVersion AD-001",
                "apiVersion: v1 | kind: ApplicationDescription | apiVersion AD-001",
                "id: com-example-line-monitor\\n | id: com.example\\n | id AD-002",
                "version: 2.3.0 | 'version: 2.3' | metadata.version AD-003",
                "version: 2.3.0 | 'version: a b' | metadata.version AD-073",
                "- name: Example Apps | '- title: Example Apps' | metadata.catalog.organization[0].name AD-004",
                "ada@apps.example.com | ada at home | metadata.catalog.author[0].email AD-005",
                "- type: helm | '- type: helm.v3' | deploymentProfiles[0].type AD-010",
                "com-example-line-monitor-compose | com-example-line-monitor-helm | deploymentProfiles[1].id AD-009",
                "- name: line-store | '- name: Line_Store' | deploymentProfiles[0].components[0].name AD-011",
                "- name: line-store | '- name: line-monitor' | deploymentProfiles[0].components[1].name AD-011",
                "oci://registry.example.com/charts/line-store | https://example.com | deploymentProfiles[0].components[0].properties.repository AD-012",
                "revision: 1.4.2 | revision: v1.4.2 | deploymentProfiles[0].components[0].properties.revision AD-013",
                "revision: 1.4.2 | revision: 1.4.2+x | deploymentProfiles[0].components[0].properties.revision AD-013",
                "wait: true | 'wait: \"yes\"' | deploymentProfiles[0].components[0].properties.wait AD-017",
                "wait: true | 'wait: \"true\"' | NONE",
                "timeout: 8m30s | timeout: 8m | deploymentProfiles[0].components[0].properties.timeout AD-015",
                "x-example-extensions: | x-Example-extensions: | deploymentProfiles[0].components[1].x-Example-extensions AD-064",
                "cores: 1.5 | 'cores: \"1.5\"' | deploymentProfiles[0].deviceConstraints.capacityRequirements.cpu.cores AD-032",
                "arm64] | x86_64] | deploymentProfiles[0].deviceConstraints.capacityRequirements.cpu.architectures[1] AD-032",
                "arm64] | other] | NONE",
                "memory: 1024Mi | memory: 1 Gi | deploymentProfiles[0].deviceConstraints.capacityRequirements.memory AD-033",
                "memory: 1024Mi | memory: 1Ti | deploymentProfiles[0].deviceConstraints.capacityRequirements.memory AD-033",
                "storage: 10Gi | storage: 10GB | deploymentProfiles[0].deviceConstraints.capacityRequirements.storage AD-033",
                "key: /peripherals | key: peripherals | deploymentProfiles[0].deviceConstraints.eligibilityRules[0].propertySelector.matchExpressions[0].key AD-039",
                "operator: Exists | operator: ContainersAny | deploymentProfiles[0].deviceConstraints.eligibilityRules[1].labelSelector.matchExpressions[0].operator AD-034",
                "operator: Exists | 'operator: Gt' | deploymentProfiles[0].deviceConstraints.eligibilityRules[1].labelSelector.matchExpressions[0].values AD-051",
                "values: [gpu] | 'values: [gpu, 1]' | deploymentProfiles[0].deviceConstraints.eligibilityRules[0].propertySelector.matchExpressions[0].itemSelector.matchExpressions[0].values AD-050",
                "values: [gpu] | 'values: []' | deploymentProfiles[0].deviceConstraints.eligibilityRules[0].propertySelector.matchExpressions[0].itemSelector.matchExpressions[0].values AD-050",
                "values: [gpu] | 'values: [true, false]' | deploymentProfiles[0].deviceConstraints.eligibilityRules[0].propertySelector.matchExpressions[0].itemSelector.matchExpressions[0].values AD-050",
                "operator: ContainsAll | 'operator: Exists' | deploymentProfiles[0].deviceConstraints.eligibilityRules[0].propertySelector.matchExpressions[0].itemSelector AD-046",
                "[line-monitor, line-store] | '[line-monitor, line-shop]' | parameters.pollSeconds.targets[0].components[1] AD-057",
                "value: 30\\n | 'value: { a: 1 }\\n' | parameters.pollSeconds.value AD-056",
                "- parameter: siteId | '- parameter: siteID' | configuration.sections[0].settings[1].parameter AD-061",
                "schema: siteText | schema: siteTexts | configuration.sections[0].settings[1].schema AD-061",
                "dataType: integer | dataType: int | configuration.schema[0].dataType AD-060",
                "minValue: 30 | minValue: 400 | configuration.schema[0].maxValue AD-060",
                "minLength: 5 | 'regexMatch: (?<=a)b' | configuration.schema[1].regexMatch AD-060",
                "maxLength: 45 | 'options: [1]' | configuration.schema[1].options[0] AD-062",
                "deploymentProfiles: | deploymentProfile: | deploymentProfiles AD-009",
                "deviceConstraints: | 'deviceConstraint:' | deploymentProfiles[0].deviceConstraint AD-064",
            })
    @Requirement({
        "AD-001", "AD-002", "AD-003", "AD-004", "AD-005", "AD-009", "AD-010", "AD-011", "AD-012", "AD-013", "AD-015",
        "AD-033", "AD-039", "AD-050", "AD-051", "AD-052", "AD-056", "AD-057", "AD-060", "AD-061", "AD-062", "AD-064"
    })
    void oneBrokenRuleGivesItsFinding(String from, String to, String finding) {
        String text = named("accepted/line-monitor.yaml").text();
        String edited = text.replaceFirst(
                java.util.regex.Pattern.quote(from.replace("\\n", "\n")),
                java.util.regex.Matcher.quoteReplacement(to.replace("\\n", "\n")));
        assertFalse(text.equals(edited), "the edit changes nothing");

        if (finding.equals("NONE")) {
            ApplicationDescription.read(Blob.utf8(edited));
        } else {
            Fault fault = refused(Blob.utf8(edited));
            assertTrue(broken(fault).contains(finding), () -> "found " + fault.findings());
        }
    }

    @Test
    @Requirement("AD-055")
    void theArchitectureOtherNeedsADescription() {
        String text = named("accepted/custom-other.yaml").text().replaceAll("(?m)^    description:.*\\n", "");

        assertTrue(broken(refused(Blob.utf8(text))).contains("deploymentProfiles[0].description AD-055"));
    }

    @Test
    @Requirement("AD-069")
    void aCustomProfileNeedsLabelsToSelectOn() {
        String text = named("accepted/custom-other.yaml").text().replace("labelSelector", "propertySelector2");

        assertTrue(broken(refused(Blob.utf8(text))).contains("deploymentProfiles[0].deviceConstraints AD-069"));
    }

    @Test
    void severalBrokenRulesAreToldTogether() {
        Fault fault = refused(Blob.utf8("apiVersion: v2\nid: A\n"));

        assertEquals(
                List.of("apiVersion AD-001", "id AD-002", "metadata AD-003", "deploymentProfiles AD-009"),
                broken(fault));
    }

    @ParameterizedTest
    @CsvSource({"'[]'", "'text'", "'- a'", "'apiVersion: v1\napiVersion: v1'", "'a: &a [*a]'", "'!!java a: b'"})
    void whatIsNoDescriptionIsRefused(String text) {
        refused(Blob.utf8(text));
    }

    @Test
    @Requirement({"AD-016", "AD-017", "AD-068"})
    void componentsKeepTheirOrderDefaultsAndBytes() {
        DeploymentProfile helm = monitor().deploymentProfiles().getFirst();
        Component store = helm.components().get(0);
        Component monitor = helm.components().get(1);

        assertEquals(new ComponentName("line-store"), store.name());
        assertEquals(Optional.of(Duration.ofSeconds(510)), store.timeout());
        assertTrue(monitor.waits());
        assertEquals("2.3.0+build.7", monitor.revision().semVer());
        assertEquals(
                Tree.of("high"),
                monitor.extensions()
                        .members()
                        .get("x-example-extensions")
                        .members()
                        .get("priority"));
        Tree.Obj written = (Tree.Obj) Yaml.read(named("accepted/line-monitor.yaml"));
        Tree profile =
                ((Tree.Arr) written.members().get("deploymentProfiles")).items().getFirst();
        assertEquals(
                ((Tree.Obj) profile).members().get("deviceConstraints"),
                helm.constraints().source());
        assertEquals(
                ((Tree.Arr) ((Tree.Obj) profile).members().get("components"))
                        .items()
                        .get(1),
                monitor.source());
    }

    @Test
    @Requirement({"AD-065", "AD-066"})
    void unknownExtensionsAreKept() {
        ApplicationDescription custom =
                ApplicationDescription.read(named("accepted/custom-other.yaml")).value();

        assertTrue(custom.extensions().members().containsKey("x-market-extensions"));
        assertTrue(custom.deploymentProfiles().getFirst().extensions().members().containsKey("x-example-extensions"));
        assertEquals("1.0.0_build.7", custom.metadata().tag());
    }

    @Test
    @Requirement({"AD-007", "AD-008", "AD-021"})
    void adviceIsNoError() {
        String text = named("accepted/line-monitor.yaml")
                .text()
                .replace("description.md", "description.docx")
                .replace("license.md", "license.rtf")
                .replace("release-notes.md", "release-notes.txt")
                .replace("- type: compose", "- type: helm")
                .replace("value: 30\n", "value: 29\n");

        List<String> advice = ApplicationDescription.read(Blob.utf8(text)).value().advice().stream()
                .map(f -> f.field() + " " + f.rule())
                .toList();

        assertEquals(
                List.of(
                        "metadata.catalog.application.descriptionFile AD-007",
                        "metadata.catalog.application.licenseFile AD-008",
                        "metadata.catalog.application.releaseNotes AD-008",
                        "deploymentProfiles AD-021",
                        "parameters.pollSeconds.value AD-060"),
                advice);
        assertEquals(List.of(), monitor().advice().stream().map(Finding::field).toList());
    }
}
