// SPDX-License-Identifier: Apache-2.0
/// Databases: drivers, versioned migrations, group commit.
@NullMarked
package dev.gantry.sql;

import org.jspecify.annotations.NullMarked;
