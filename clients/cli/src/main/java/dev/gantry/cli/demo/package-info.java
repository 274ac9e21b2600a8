// SPDX-License-Identifier: Apache-2.0
/// The whole system on one machine, and a story that it lives through. Start with [DemoCommand].
@NullMarked
package dev.gantry.cli.demo;

import org.jspecify.annotations.NullMarked;
