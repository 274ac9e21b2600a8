// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// `./gantry bench [--quick] [-o table|json]`: measures, and prints a table or an array of `figure`, `value`, `unit`,
/// `ratioToBare`. Exit code 2 for wrong arguments, 1 when something could not be measured.
public final class BenchMain {
    private static final String USAGE = "usage: gantry bench [--quick] [-o table|json]";

    /// Every group of figures. The agent's start time and memory go here once its process exists.
    private static final List<Benchmark> ALL = List.of(new Polls());

    private BenchMain() {}

    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(List.of(arguments), ALL, out, System.err));
    }

    static int run(List<String> arguments, List<Benchmark> benchmarks, PrintStream out, PrintStream err) {
        Plan plan = Plan.FULL;
        boolean json = false;
        var left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String next = left.removeFirst();
            if (next.equals("--quick")) {
                plan = Plan.QUICK;
            } else if (next.equals("-o")
                    && !left.isEmpty()
                    && List.of("table", "json").contains(left.getFirst())) {
                json = left.removeFirst().equals("json");
            } else {
                err.println(USAGE);
                return 2;
            }
        }
        try {
            var figures = new ArrayList<Figure>();
            for (Benchmark benchmark : benchmarks) {
                figures.addAll(benchmark.measure(plan));
            }
            if (json) {
                out.println(
                        Json.pretty(Tree.of(figures.stream().map(Figure::tree).toList())));
            } else {
                out.printf("%-62s %12s %-4s %6s%n", "figure", "value", "unit", "ratio");
                figures.forEach(figure -> out.println(figure.line()));
            }
            return 0;
        } catch (IOException | Fault e) {
            err.println("gantry bench: " + e.getMessage());
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
