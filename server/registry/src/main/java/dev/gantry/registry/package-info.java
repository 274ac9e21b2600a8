// SPDX-License-Identifier: Apache-2.0
/// An OCI registry (distribution-spec 1.1) over a folder: the demo's, and a site's mirror.
///
/// Start with [RegistryHandler], which is the whole protocol; [Store] and [Uploads] keep the content, so that it
/// appears
/// whole or not at all and is there after a power cut; [RegistryMain] is the process.
@NullMarked
package dev.gantry.registry;

import org.jspecify.annotations.NullMarked;
