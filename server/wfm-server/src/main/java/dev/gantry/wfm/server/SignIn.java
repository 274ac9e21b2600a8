// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// Lets nobody through without the operator's key, the API's own description excepted (RFC 6750).
record SignIn(Secret key, Handler behind, Blob contract) implements Handler {
    private static final int KEY_BYTES = 32;
    private static final String SCHEME = "Bearer ";

    /// The key in its file; made at the first start, readable by its owner only.
    static Secret key(Path file, SecureRandom chance) {
        try {
            if (Files.exists(file)) {
                String key = Files.readString(file).strip();
                if (key.length() < KEY_BYTES) {
                    throw Fault.invalid(file + " holds no operator key; remove it, and the next start makes a new one");
                }
                return new Secret(key);
            }
            byte[] bytes = new byte[KEY_BYTES];
            chance.nextBytes(bytes);
            String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            Disk.replaceSecret(file, Blob.utf8(key + "\n"));
            return new Secret(key);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE, "cannot read the operator key in " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Response handle(Caller caller, Request request) {
        if (request.rawPath().equals(OperatorApi.CONTRACT) && request.method().equals("GET")) {
            return Response.of(200, "application/json", contract);
        }
        Optional<String> presented = request.headers()
                .get("Authorization")
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip());
        if (presented.filter(key::matches).isEmpty()) {
            return Problem.blank(401, "Sign in with the operator's key: 'Authorization: Bearer <key>'.")
                    .response(request)
                    .with("WWW-Authenticate", "Bearer realm=\"gantry\"");
        }
        return behind.handle(caller, request);
    }
}
