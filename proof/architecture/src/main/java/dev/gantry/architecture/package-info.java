// SPDX-License-Identifier: Apache-2.0
/// The rules of the tree, as tests over the compiled classes of every module, and the page that tells which requirement
/// is kept where.
///
/// Start with [Checkout]; the rules are in the test sources, in `ArchitectureTest`.
@NullMarked
package dev.gantry.architecture;

import org.jspecify.annotations.NullMarked;
