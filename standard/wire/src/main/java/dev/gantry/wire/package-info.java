// SPDX-License-Identifier: Apache-2.0
/// How documents travel, whatever the engine below and the wire generation above: an exchange is a function from a
/// [Request] to a [Response]. Security, limits and tracing are functions around it.
///
/// Start with [Handler] (the server's side) and [Transport] (the client's side); [Problem] is how every refusal
/// looks.
@NullMarked
package dev.gantry.wire;

import org.jspecify.annotations.NullMarked;
