// SPDX-License-Identifier: Apache-2.0
/// Runs Compose applications with the device's own Docker or Podman, through its command line.
///
/// Start with [ComposeRuntime], then [Project] for one application on disk, and [ProjectState] for what its containers
/// mean. [ComposePackage] reads what was packed, without trust.
@NullMarked
package dev.gantry.runtime.compose;

import org.jspecify.annotations.NullMarked;
