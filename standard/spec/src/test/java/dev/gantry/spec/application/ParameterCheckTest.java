// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Finding;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterCheckTest {
    private static Schema schema(String rules) {
        Tree tree = Json.read(Blob.utf8("{\"name\":\"s\"," + rules.replace('\'', '"') + "}"));
        return Fields.read("schema", tree, Schema::read);
    }

    private static List<String> check(String rules, String value) {
        Optional<Tree> tree =
                value.equals("absent") ? Optional.empty() : Optional.of(Json.read(Blob.utf8(value.replace('\'', '"'))));
        return ParameterCheck.value(schema(rules), "p", tree).stream()
                .map(Finding::message)
                .toList();
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'dataType':'string'                                        | 'a'          | ok",
                "'dataType':'string'                                        | 1            | is not of the type string",
                "'dataType':'string'                                        | ''           | needs a value",
                "'dataType':'string'                                        | absent       | needs a value",
                "'dataType':'string','allowEmpty':false                     | null         | needs a value",
                "'dataType':'string','allowEmpty':true,'minLength':5        | ''           | ok",
                "'dataType':'string','allowEmpty':true,'minLength':5        | absent       | ok",
                "'dataType':'string','allowEmpty':true,'minLength':5        | 'abcd'       | has less than 5 characters",
                "'dataType':'string','maxLength':2                          | 'ab'         | ok",
                "'dataType':'string','maxLength':2                          | 'abc'        | has more than 2 characters",
                "'dataType':'string','maxLength':2                          | '😀😀'        | ok",
                "'dataType':'string','regexMatch':'b+'                      | 'abbc'       | ok",
                "'dataType':'string','regexMatch':'^b+$'                    | 'abbc'       | does not match ^b+$",
                "'dataType':'integer','minValue':30,'maxValue':360          | 30           | ok",
                "'dataType':'integer','minValue':30,'maxValue':360          | 360.0        | ok",
                "'dataType':'integer','minValue':30,'maxValue':360          | 29           | is less than 30",
                "'dataType':'integer','minValue':30,'maxValue':360          | 361          | is more than 360",
                "'dataType':'integer'                                       | 1.5          | is not of the type integer",
                "'dataType':'integer'                                       | '30'         | is not of the type integer",
                "'dataType':'double','minValue':0.5,'maxPrecision':1        | 0.5          | ok",
                "'dataType':'double','minValue':0.5,'maxPrecision':1        | 1.50         | ok",
                "'dataType':'double','minValue':0.5,'maxPrecision':1        | 1            | ok",
                "'dataType':'double','minValue':0.5,'maxPrecision':1        | 1.55         | has more than 1 digits after the point",
                "'dataType':'double','minPrecision':2                       | 1.5          | has less than 2 digits after the point",
                "'dataType':'boolean'                                       | false        | ok",
                "'dataType':'boolean'                                       | 'true'       | is not of the type boolean",
                "'dataType':'array[integer]','maxValue':3                   | [1,2]        | ok",
                "'dataType':'array[integer]','maxValue':3                   | [1,4]        | is more than 3",
                "'dataType':'array[integer]'                                | 1            | is not an array of integer",
                "'dataType':'array[integer]'                                | []           | needs a value",
                "'dataType':'string','options':['a','b']                    | 'b'          | ok",
                "'dataType':'string','options':['a','b']                    | 'c'          | is none of the options [\"a\",\"b\"]",
                "'dataType':'string','options':['a','b']                    | ['a']        | is not of the type string",
                "'dataType':'integer','options':[1,2],'multiselect':true    | [1,2]        | ok",
                "'dataType':'integer','options':[1,2],'multiselect':true    | 1            | is not an array of integer",
                "'dataType':'integer','options':[1,2],'multiselect':true    | [3]          | is none of the options [1,2]",
            })
    @Requirement({"AD-060", "AD-062", "AD-063"})
    void aValueAgainstASchema(String rules, String value, String expected) {
        assertEquals(expected.equals("ok") ? List.of() : List.of(expected), check(rules, value));
    }

    @Test
    void thePublishedUrlPatternCompilesAndAdmitsOnlyHttps() {
        String rules =
                "'dataType':'string','regexMatch':'^(http(s):\\\\/\\\\/.)[-a-zA-Z0-9@:%._\\\\+~#=]{2,256}\\\\.[a-z]{2,6}"
                        + "\\\\b([-a-zA-Z0-9@:%_\\\\+.~#?&//=]*)$'";

        assertEquals(List.of(), check(rules, "'https://apps.example.com/x'"));
        assertEquals(1, check(rules, "'http://apps.example.com/x'").size());
    }

    @Test
    void aPatternThatExplodesElsewhereTakesLinearTime() {
        assertTimeout(
                Duration.ofSeconds(5),
                () -> check("'dataType':'string','regexMatch':'^(a+)+$'", "'" + "a".repeat(5_000) + "!'"));
    }

    private static List<String> values(Map<String, Tree> values) {
        ApplicationDescription description = ApplicationDescriptionTest.monitor();
        return ParameterCheck.values(
                        description, description.deploymentProfiles().get(1), values)
                .stream()
                .map(Finding::toString)
                .toList();
    }

    @Test
    void defaultsCountAndOnlyParametersOfTheProfileNeedValues() {
        assertEquals(List.of(), values(Map.of("siteId", Tree.of("plant-1"))));
        assertEquals(List.of(), values(Map.of()), "siteId may be empty");
    }

    @Test
    void aWrongValueAndAnUnknownNameAreBothTold() {
        assertEquals(
                List.of(
                        "color is not a parameter of com-example-line-monitor (AD-061)",
                        "pollSeconds is less than 30 (AD-060)"),
                values(Map.of("pollSeconds", Tree.of(5), "color", Tree.of("red"))));
    }

    @Test
    @Requirement("AD-059")
    void anImmutableValueMayNotChangeAfterAnInstallation() {
        ApplicationDescription description = ApplicationDescriptionTest.monitor();
        Map<String, Tree> installed = Map.of("siteId", Tree.of("plant-1"), "pollSeconds", Tree.of(30));

        assertEquals(List.of(), ParameterCheck.changes(description, installed, Map.of("siteId", Tree.of("plant-1"))));
        assertEquals(List.of(), ParameterCheck.changes(description, Map.of(), Map.of("siteId", Tree.of("plant-2"))));
        assertEquals(
                List.of("siteId"),
                ParameterCheck.changes(
                                description,
                                installed,
                                Map.of("siteId", Tree.of("plant-2"), "pollSeconds", Tree.of(60)))
                        .stream()
                        .map(Finding::field)
                        .toList());
        assertEquals(1, ParameterCheck.changes(description, installed, Map.of()).size(), "taking it away is a change");
    }
}
