// SPDX-License-Identifier: Apache-2.0
/// The wire generation 1.0.0-rc.3: mutual TLS, no client id in any path. Start with [Paths].
@NullMarked
package dev.gantry.wire.rc3;

import org.jspecify.annotations.NullMarked;
