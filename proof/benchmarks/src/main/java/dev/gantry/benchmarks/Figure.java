// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.content.Tree;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// One measured figure.
///
/// @param figure what was measured, unique in a run
/// @param unit `µs`, `1/s`, `ms`, `s`, `MB` (of 10^6 bytes), or `×` for a ratio
/// @param ratio to what the figure is compared to; NaN where there is nothing to compare to
public record Figure(String figure, double value, String unit, double ratio) {
    private static final double FINE = 100;

    /// A figure without comparison.
    static Figure of(String figure, double value, String unit) {
        return new Figure(figure, value, unit, Double.NaN);
    }

    /// A figure beside the same one of the bare engine.
    static Figure beside(double bare, String figure, double value, String unit) {
        return new Figure(figure, value, unit, value / bare);
    }

    /// How many times the bare engine's figure this is, if it was measured too.
    public OptionalDouble ratioToBare() {
        return Double.isNaN(ratio) ? OptionalDouble.empty() : OptionalDouble.of(ratio);
    }

    /// `figure`, `value`, `unit`, `ratioToBare`; the last is null where nothing compares.
    Tree tree() {
        Optional<Tree> compared =
                ratioToBare().stream().mapToObj(value -> number(value, FINE)).findFirst();
        return Tree.members()
                .put("figure", figure)
                .put("value", number(value, FINE))
                .put("unit", unit)
                .put("ratioToBare", compared.orElse(new Tree.Null()))
                .build();
    }

    private static Tree number(double value, double steps) {
        return Tree.of(
                java.math.BigDecimal.valueOf(Math.round(value * steps)).divide(java.math.BigDecimal.valueOf(steps)));
    }

    /// One line of the table.
    String line() {
        String compared = ratioToBare().stream()
                .mapToObj(value -> String.format(Locale.ROOT, "%.2f", value))
                .findFirst()
                .orElse("");
        return String.format(
                        Locale.ROOT,
                        "%-62s %12s %-4s %6s",
                        figure,
                        String.format(Locale.ROOT, "%,.2f", value),
                        unit,
                        compared)
                .stripTrailing();
    }
}
