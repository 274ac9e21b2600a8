// SPDX-License-Identifier: Apache-2.0
/// OCI registries and image layouts, as a client; images written without any tool.
@NullMarked
package dev.gantry.oci;

import org.jspecify.annotations.NullMarked;
