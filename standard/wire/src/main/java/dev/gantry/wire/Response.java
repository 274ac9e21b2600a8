// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import dev.gantry.content.Blob;

/// One answer. The engine adds `Content-Length` and `Date`; everything else stands here.
///
/// @param status an HTTP status code
public record Response(int status, Headers headers, Body body) {
    /// An answer without a body.
    public static Response of(int status, String... namesAndValues) {
        return new Response(status, Headers.of(namesAndValues), Body.empty());
    }

    /// An answer with a body of this type.
    public static Response of(int status, String mediaType, Blob body) {
        return new Response(status, Headers.of("Content-Type", mediaType), Body.of(body));
    }

    /// The same answer with one more header field.
    public Response with(String name, String value) {
        return new Response(status, headers.and(name, value), body);
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
