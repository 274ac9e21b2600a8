// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.gantry.benchmarks;

import org.jspecify.annotations.NullMarked;
