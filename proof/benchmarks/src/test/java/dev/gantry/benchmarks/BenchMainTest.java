// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Benchmark benchmark, String... arguments) {
        return BenchMain.run(
                List.of(arguments),
                List.of(benchmark),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static List<Figure> figures(Plan plan) {
        return List.of(Figure.beside(10, "polls, rounds " + plan.rounds(), 12.345, "µs"), Figure.of("start", 0.5, "s"));
    }

    @Test
    void jsonIsAnArrayOfFiguresWithTheirRatio() {
        assertEquals(0, run(BenchMainTest::figures, "--quick", "-o", "json"));
        Tree expected = Tree.of(List.of(
                Tree.members()
                        .put("figure", "polls, rounds " + Plan.QUICK.rounds())
                        .put("value", Tree.of(new java.math.BigDecimal("12.35")))
                        .put("unit", "µs")
                        .put("ratioToBare", Tree.of(new java.math.BigDecimal("1.23")))
                        .build(),
                Tree.members()
                        .put("figure", "start")
                        .put("value", Tree.of(new java.math.BigDecimal("0.5")))
                        .put("unit", "s")
                        .put("ratioToBare", new Tree.Null())
                        .build()));
        assertEquals(
                Json.canonical(expected).text(),
                Json.canonical(Json.read(Blob.of(out.toByteArray()))).text());
    }

    @Test
    void theTableHasALinePerFigure() {
        assertEquals(0, run(BenchMainTest::figures));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(1).startsWith("polls, rounds " + Plan.FULL.rounds()), lines.get(1));
        assertTrue(lines.get(1).endsWith("1.23"), lines.get(1));
        assertTrue(lines.get(2).endsWith("s"), lines.get(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--fast", "-o", "-o xml", "--quick extra"})
    void otherArgumentsAreRefused(String arguments) {
        assertEquals(2, run(BenchMainTest::figures, arguments.split(" ")));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("usage: gantry bench"));
        assertEquals(0, out.size());
    }

    @Test
    void whatCannotBeMeasuredIsNotReported() {
        assertEquals(
                1,
                run(
                        _ -> {
                            throw new IOException("the WFM gave no manifest");
                        },
                        "--quick"));
        assertEquals("gantry bench: the WFM gave no manifest\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(0, out.size());
    }
}
