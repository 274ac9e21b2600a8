// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import java.util.Optional;

/// The server's side of an exchange. A handler is a plain function that may block; servers call it on a virtual
/// thread.
@FunctionalInterface
public interface Handler {
    Response handle(Caller caller, Request request);

    /// The answer, if it can be given from memory without waiting for anything. Servers ask this first, on the
    /// thread
    /// that reads the socket, and only for requests without a body; empty sends the request to [#handle].
    default Optional<Response> now(Caller caller, Request request) {
        return Optional.empty();
    }
}
