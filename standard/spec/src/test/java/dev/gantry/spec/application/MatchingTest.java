// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.Matching.Answer;
import dev.gantry.spec.application.Matching.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatchingTest {
    /// Every shape of value, and which of the operators below hold on it.
    private static final String[] SHAPES = {
        "absent",
        "\"a\"",
        "\"b\"",
        "\"A\"",
        "5",
        "7",
        "7.0",
        "\"7\"",
        "true",
        "false",
        "[\"a\",\"c\"]",
        "[\"c\"]",
        "[5,7]",
        "[]",
        "[true]",
        "[\"a\",7]",
        "[{\"type\":\"a\",\"n\":9}]",
        "[{\"type\":\"b\"},{\"n\":1}]",
        "[\"a\",{}]",
        "{\"type\":\"a\"}",
        "null",
        "[[\"a\"]]"
    };

    private static Tree.Obj object(String json) {
        return (Tree.Obj) Json.read(Blob.utf8(json));
    }

    private static DeviceConstraints constraints(String json) {
        return Fields.read("constraints", object(json), DeviceConstraints::read);
    }

    private static String truths(String expression, boolean label) {
        String member = label ? "labelSelector" : "propertySelector";
        String key = label ? "v" : "/v";
        var rule = constraints("{\"eligibilityRules\":[{\"%s\":{\"matchExpressions\":[{\"key\":\"%s\",%s}]}}]}"
                .formatted(member, key, expression));
        var out = new StringBuilder();
        for (String shape : SHAPES) {
            Tree.Obj reported = shape.equals("absent") ? Tree.Obj.EMPTY : object("{\"v\":" + shape + "}");
            var device = label ? new Device(Tree.Obj.EMPTY, reported) : new Device(reported, Tree.Obj.EMPTY);
            out.append(Matching.rules(rule, device).eligible() ? 'T' : '-');
        }
        return out.toString();
    }

    static List<List<String>> operators() {
        String all =
                "\"itemSelector\":{\"matchExpressions\":[{\"key\":\"/type\",\"operator\":\"In\",\"values\":[\"a\",\"b\"]},"
                        + "{\"key\":\"/n\",\"operator\":\"Gt\",\"values\":[3]}]}";
        return List.of(
                //               absent a b A  5 7 7.0 "7"  t f  ac c 57 [] [t] a7  {} {}{} mixed obj null [[]]
                List.of("In a", "'operator':'In','values':['a']", "-T--------T----T------"),
                List.of("In 7", "'operator':'In','values':[7]", "-----TT-----T--T------"),
                List.of("In true", "'operator':'In','values':[true]", "--------T-------------"),
                List.of("NotIn a", "'operator':'NotIn','values':['a']", "--TTTTTTTT-TTT--------"),
                List.of("NotIn 7", "'operator':'NotIn','values':[7]", "-TTTT--TTTTT-T--------"),
                List.of("Exists", "'operator':'Exists'", "-TTTTTTTTTTTTT-T------"),
                List.of("DoesNotExist", "'operator':'DoesNotExist'", "T---------------------"),
                List.of("Gt 5", "'operator':'Gt','values':[5]", "-----TT---------------"),
                List.of("Gt '5'", "'operator':'Gt','values':['5']", "-----TT---------------"),
                List.of("Lt 6", "'operator':'Lt','values':[6]", "----T-----------------"),
                List.of("ContainsAll", "'operator':'ContainsAll'," + all, "----------------T-----"),
                List.of("ContainsAny", "'operator':'ContainsAny'," + all, "----------------TT----"));
    }

    @ParameterizedTest
    @MethodSource("operators")
    @Requirement({"AD-041", "AD-042", "AD-044", "AD-045", "AD-046", "AD-047", "AD-048", "AD-049", "AD-053"})
    void anOperatorOnEveryShapeOfAProperty(List<String> row) {
        assertEquals(row.get(2), truths(row.get(1).replace('\'', '"'), false), row::getFirst);
    }

    @ParameterizedTest
    @MethodSource("operators")
    @Requirement({"AD-040", "AD-043"})
    void anOperatorOnEveryShapeOfALabelWhichHoldsNoObjects(List<String> row) {
        String expected = row.get(2);
        if (row.getFirst().startsWith("Contains")) {
            expected = "-".repeat(SHAPES.length);
        }
        assertEquals(expected, truths(row.get(1).replace('\'', '"'), true), row::getFirst);
    }

    @Test
    void aSpellingOfAnOperatorThatTheTableHasByMistakeIsRefused() {
        assertTrue(org.junit.jupiter.api.Assertions.assertThrows(
                        dev.gantry.content.Fault.class, () -> truths("\"operator\":\"ContainersAny\"", false))
                .getMessage()
                .contains("AD-034"));
    }

    private static final String PRESS = """
            {"supportedDeploymentTypes":["compose","custom"],"memory":"8 Gi","storage":"100Gi",
             "cpus":[{"cores":1,"architecture":"amd64"},{"cores":4,"architecture":"arm64"}],
             "interfaces":[{"type":"ethernet"}],"vendor":"Acme"}""";

    private static Answer match(String type, String constraints) {
        return Matching.match(type, constraints(constraints), new Device(object(PRESS), object("{\"line\":4}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                                       | true",
                "{\"cpu\":{\"cores\":4}}                                                  | true",
                "{\"cpu\":{\"cores\":4.5}}                                                | false",
                "{\"cpu\":{\"cores\":5}}                                                  | false",
                "{\"cpu\":{\"cores\":2,\"architectures\":[\"amd64\"]}}                    | false",
                "{\"cpu\":{\"cores\":1,\"architectures\":[\"amd64\"]}}                    | true",
                "{\"cpu\":{\"cores\":2,\"architectures\":[\"amd64\",\"arm64\"]}}          | true",
                "{\"memory\":\"8192Mi\"}                                                  | true",
                "{\"memory\":\"8193Mi\"}                                                  | false",
                "{\"storage\":\"1Ei\"}                                                    | false",
                "{\"memory\":\"1Gi\",\"storage\":\"101Gi\"}                               | false",
            })
    @Requirement({"AD-028", "AD-031", "AD-032"})
    void capacityIsAMinimumOfOneProcessorAndOfEachAmount(String capacity, boolean fits) {
        assertEquals(
                fits,
                match("compose", "{\"capacityRequirements\":" + capacity + "}").eligible());
    }

    @Test
    void aDeviceThatReportsNoCapacityHasNone() {
        var gateway = new Device(object("{\"supportedDeploymentTypes\":[\"compose\"]}"), Tree.Obj.EMPTY);

        for (String wanted : List.of("\"cpu\":{\"cores\":0}", "\"memory\":\"0Ki\"", "\"storage\":\"0Ki\"")) {
            var constraints = constraints("{\"capacityRequirements\":{" + wanted + "}}");
            assertEquals(false, Matching.match("compose", constraints, gateway).eligible(), wanted);
        }
        assertTrue(Matching.match("compose", DeviceConstraints.NONE, gateway).eligible());
    }

    @Test
    void aTypeThatTheDeviceDoesNotSupportIsAReason() {
        var answer = assertInstanceOf(Answer.NotEligible.class, match("helm", "{}"));

        assertEquals(
                "type: wanted a device that supports helm, reported [\"compose\",\"custom\"] (AD-027)",
                answer.reasons().getFirst().toString());
    }

    @Test
    @Requirement("AD-038")
    void rulesAreNotLookedAtBeforeCapacityFits() {
        var answer = assertInstanceOf(Answer.NotEligible.class, match("compose", """
                {"capacityRequirements":{"memory":"16Gi"},
                 "eligibilityRules":[{"labelSelector":{"matchExpressions":[{"key":"gpu","operator":"Exists"}]}}]}"""));

        assertEquals(
                List.of("capacityRequirements.memory: wanted at least 16Gi, reported \"8 Gi\" (AD-032)"),
                answer.reasons().stream().map(Object::toString).toList());
    }

    private static String rule(String property, String label) {
        return "{\"propertySelector\":{\"matchExpressions\":[{\"key\":\"/vendor\",\"operator\":\"In\",\"values\":[\""
                + property
                + "\"]}]},\"labelSelector\":{\"matchExpressions\":[{\"key\":\"line\",\"operator\":\"In\",\"values\":["
                + label
                + "]}]}}";
    }

    @ParameterizedTest
    @CsvSource({
        "Acme, 4, Acme, 4, true",
        "Acme, 5, Acme, 4, true",
        "Acme, 4, Other, 5, true",
        "Other, 4, Acme, 5, false",
        "Acme, 5, Other, 4, false",
    })
    @Requirement({"AD-029", "AD-034", "AD-035", "AD-036"})
    void oneRuleMustHoldWithBothItsSelectors(String p1, String l1, String p2, String l2, boolean fits) {
        assertEquals(
                fits,
                match("compose", "{\"eligibilityRules\":[" + rule(p1, l1) + "," + rule(p2, l2) + "]}")
                        .eligible());
    }

    @Test
    void everyExpressionThatFailedIsTold() {
        var answer = assertInstanceOf(
                Answer.NotEligible.class, match("compose", "{\"eligibilityRules\":[" + rule("Other", "5") + "]}"));

        assertEquals(
                List.of(
                        "eligibilityRules[0].propertySelector.matchExpressions[0]: wanted /vendor In [\"Other\"],"
                                + " reported \"Acme\" (AD-034)",
                        "eligibilityRules[0].labelSelector.matchExpressions[0]: wanted line In [5], reported 4 (AD-034)"),
                answer.reasons().stream().map(Object::toString).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{}", "{\"eligibilityRules\":[]}", "{\"eligibilityRules\":[{}]}"})
    @Requirement("AD-037")
    void noRuleAndTheEmptyRuleFitEveryDevice(String constraints) {
        assertTrue(match("compose", constraints).eligible());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/a~1b/0/m~0n | true",
                "/a~1b/1/m~0n | false",
                "/a~1b/00/m~0n | false",
                "/a~1b/-/m~0n | false",
                "/a/b | false",
            })
    @Requirement("AD-039")
    void pointersFollowRfc6901(String pointer, boolean found) {
        assertEquals(
                found,
                new Pointer(pointer).in(object("{\"a/b\":[{\"m~n\":1}]}")).isPresent());
    }
}
