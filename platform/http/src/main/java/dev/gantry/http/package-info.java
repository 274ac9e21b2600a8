// SPDX-License-Identifier: Apache-2.0
/// A server for handlers and a client transport, over TLS.
@NullMarked
package dev.gantry.http;

import org.jspecify.annotations.NullMarked;
