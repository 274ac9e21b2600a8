// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import java.io.IOException;
import java.util.List;

/// A group of figures that are measured together, because they are compared. A new group is a new implementation in the
/// list of [BenchMain]: what it measures runs as a [ServerProcess] or a process of its own, so that the load
/// generator's
/// cost stays out of the figures.
@FunctionalInterface
interface Benchmark {
    /// Measures within a time that the plan bounds.
    ///
    /// @throws IOException when what is measured does not answer, or answers something else than it should
    List<Figure> measure(Plan plan) throws IOException, InterruptedException;
}
