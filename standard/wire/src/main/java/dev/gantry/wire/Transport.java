// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

/// The client's side of an exchange: sends one request and waits for its answer.
@FunctionalInterface
public interface Transport {
    /// The answer of the other side, whatever its status.
    ///
    /// @throws Unreachable when nobody knows whether the request arrived or was carried out
    Response send(Request request) throws Unreachable;

    /// A transport that calls a handler directly, for tests and simulation.
    static Transport to(Handler handler, Caller caller) {
        return request -> handler.handle(caller, request);
    }
}
