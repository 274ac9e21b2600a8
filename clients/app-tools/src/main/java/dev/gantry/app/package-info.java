// SPDX-License-Identifier: Apache-2.0
/// What application suppliers do with a package.
@NullMarked
package dev.gantry.app;

import org.jspecify.annotations.NullMarked;
