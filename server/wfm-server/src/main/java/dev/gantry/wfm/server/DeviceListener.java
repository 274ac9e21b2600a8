// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Fault;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.Requirement;
import dev.gantry.wfm.DeviceApi;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.util.Optional;

/// Hands requests of devices to the device API, under the client id that mutual TLS has proven (MI-007).
record DeviceListener(MargoIdentity.Wfm wfm, DeviceApi api) implements Handler {
    @Override
    public Response handle(Caller caller, Request request) {
        return client(caller)
                .map(id -> api.handle(id, request))
                .orElseGet(() -> Problem.blank(403, "No client identity came with this connection.")
                        .response(request));
    }

    @Override
    public Optional<Response> now(Caller caller, Request request) {
        return client(caller).flatMap(id -> api.now(id, request));
    }

    /// The last segment of the SPIFFE ID; the handshake has already refused every identity of another form.
    @Requirement({"ID-084", "ID-085", "MI-006"})
    private Optional<ClientId> client(Caller caller) {
        String prefix = wfm.spiffeId().value() + "/client/";
        try {
            return caller.identity()
                    .filter(identity -> identity.startsWith(prefix))
                    .map(identity -> new ClientId(identity.substring(prefix.length())));
        } catch (Fault _) {
            return Optional.empty();
        }
    }
}
