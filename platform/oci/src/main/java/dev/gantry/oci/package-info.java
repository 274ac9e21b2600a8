// SPDX-License-Identifier: Apache-2.0
/// OCI registries and image layouts (image-spec 1.1, distribution-spec 1.1) as a client sees them, and a writer of
/// container images that needs no base image and no container engine.
///
/// Start with [RegistryClient]; [ImageLayout] is what is pushed and pulled, [ImageWriter] makes container images, and
/// [Connections] is all that the client knows of sockets.
@NullMarked
package dev.gantry.oci;

import org.jspecify.annotations.NullMarked;
