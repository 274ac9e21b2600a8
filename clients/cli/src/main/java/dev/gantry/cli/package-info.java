// SPDX-License-Identifier: Apache-2.0
/// The command line. It speaks the public operator API and OCI registries, nothing else. Start with [CliMain].
@NullMarked
package dev.gantry.cli;

import org.jspecify.annotations.NullMarked;
