// SPDX-License-Identifier: Apache-2.0
/// A server for handlers and a client transport, over TLS: the one module that knows the engine (Netty, BoringSSL).
///
/// Start with [HttpServer] and the drawing above its [Connection]; [HttpTransport] is the other side.
@NullMarked
package dev.gantry.http;

import org.jspecify.annotations.NullMarked;
