// SPDX-License-Identifier: Apache-2.0
/// The agent as a process: settings, own identity, journal on disk, artifacts from registries, schedule. Decides
/// nothing about workloads; that is `dev.gantry.agent`.
///
/// Read [AgentMain] first, top to bottom; then [AgentConfig].
@NullMarked
package dev.gantry.agent.daemon;

import org.jspecify.annotations.NullMarked;
