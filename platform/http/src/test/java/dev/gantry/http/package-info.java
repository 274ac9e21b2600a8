// SPDX-License-Identifier: Apache-2.0
/// Real sockets and real TLS. Start with [Wire], which says what is on the wire byte by byte.
@NullMarked
package dev.gantry.http;

import org.jspecify.annotations.NullMarked;
