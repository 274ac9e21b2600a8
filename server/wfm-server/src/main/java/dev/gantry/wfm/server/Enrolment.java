// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.MediaTypes;
import dev.gantry.wire.Body;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import dev.gantry.wire.Unreachable;

/// Makes enrolment tokens for devices, where this WFM has an identity service at hand.
@FunctionalInterface
interface Enrolment {
    /// A one-time token for a client of this WFM: `token` and `expires`.
    Tree.Obj token(ClientId client);

    /// Where devices get their SVIDs elsewhere.
    static Enrolment elsewhere() {
        return client -> {
            throw new Fault(
                    Fault.Kind.REFUSED,
                    "this WFM has no identity service to enrol " + client
                            + " with; set mis.url, mis.pin and mis.admin-key-file, or make the SVID elsewhere");
        };
    }

    /// At a Margo Identity Service.
    ///
    /// @param wfmId of this WFM: the namespace that the client joins
    static Enrolment at(Transport mis, Secret key, String wfmId) {
        return client -> {
            Tree wish = Tree.members()
                    .put("kind", "client")
                    .put("id", client.value())
                    .put("wfm", wfmId)
                    .build();
            try {
                Response response = mis.send(Request.of("POST", "/x-gantry/v1/enrolment-tokens")
                        .with("Authorization", "Bearer " + key.reveal())
                        .with(MediaTypes.JSON, Body.of(Json.canonical(wish))));
                if (response.status() == 201 && Json.read(response.body().whole(1 << 16)) instanceof Tree.Obj token) {
                    return token;
                }
                Problem problem = Problem.read(response);
                throw new Fault(
                        Fault.Kind.UNAVAILABLE,
                        "the identity service made no token for " + client + ": " + problem.status() + " "
                                + problem.detail());
            } catch (Unreachable e) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "the identity service does not answer: " + e.getMessage(), e);
            }
        };
    }
}
