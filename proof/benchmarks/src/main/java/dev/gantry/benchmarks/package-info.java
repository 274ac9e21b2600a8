// SPDX-License-Identifier: Apache-2.0
/// What Gantry costs, beside what the bare engine costs on the same TLS and the same bytes in the same run. Start with
/// [dev.gantry.benchmarks.Benchmark], then [dev.gantry.benchmarks.Polls].
@NullMarked
package dev.gantry.benchmarks;

import org.jspecify.annotations.NullMarked;
