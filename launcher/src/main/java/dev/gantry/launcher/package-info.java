// SPDX-License-Identifier: Apache-2.0
/// The launcher behind the one command: it knows a table of subcommands and nothing else of Gantry.
///
/// Start with [Launcher]; the table is `src/main/dist/lib/commands.tsv`.
@NullMarked
package dev.gantry.launcher;

import org.jspecify.annotations.NullMarked;
