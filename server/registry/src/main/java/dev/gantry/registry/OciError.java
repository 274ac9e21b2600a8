// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Response;
import java.util.List;

/// A refusal in the form of the distribution specification: a status, and a code that clients understand.
final class OciError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// The codes of the specification that we use, and the status that goes with each.
    enum Code {
        BLOB_UNKNOWN(404),
        BLOB_UPLOAD_INVALID(400),
        BLOB_UPLOAD_UNKNOWN(404),
        DIGEST_INVALID(400),
        MANIFEST_BLOB_UNKNOWN(404),
        MANIFEST_INVALID(400),
        MANIFEST_UNKNOWN(404),
        NAME_INVALID(400),
        NAME_UNKNOWN(404),
        SIZE_INVALID(400),
        UNAUTHORIZED(401),
        DENIED(403),
        UNSUPPORTED(405),
        TOOMANYREQUESTS(429),
        UNAVAILABLE(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }
    }

    private final Code code;
    private final int status;
    private final transient Headers headers;

    OciError(Code code, String message) {
        this(code, code.status, message, Headers.NONE);
    }

    OciError(Code code, int status, String message, Headers headers) {
        super(message);
        this.code = code;
        this.status = status;
        this.headers = headers;
    }

    /// The answer that says so.
    Response response() {
        Tree error = Tree.members()
                .put("code", code.name())
                .put("message", String.valueOf(getMessage()))
                .build();
        Tree body = Tree.members().put("errors", Tree.of(List.of(error))).build();
        Response response = Response.of(status, "application/json", Json.canonical(body));
        for (Headers.Field field : headers.fields()) {
            response = response.with(field.name(), field.value());
        }
        return response;
    }
}
