// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

/// Where the [State] is kept.
interface Records {
    /// The present state; from memory, so that handshakes may ask.
    State state();

    /// Makes `to` the present state, durably before this returns, unless it is not `from` any more: then false,
    /// and the caller decides anew.
    boolean replace(State from, State to);
}
