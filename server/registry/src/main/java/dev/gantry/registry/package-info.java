// SPDX-License-Identifier: Apache-2.0
/// An embedded OCI registry.
@NullMarked
package dev.gantry.registry;

import org.jspecify.annotations.NullMarked;
