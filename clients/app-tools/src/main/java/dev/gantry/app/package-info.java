// SPDX-License-Identifier: Apache-2.0
/// What application suppliers do with an application folder: lint it, pack it, push it, and look at what others pushed.
///
/// Start with [ApplicationFolder], which says how a folder is laid out; [Lint] names what is wrong in it, [Pack] makes
/// an
/// image layout of it, [Push] copies that to a registry.
@NullMarked
package dev.gantry.app;

import org.jspecify.annotations.NullMarked;
