// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import dev.gantry.content.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One request.
///
/// @param method in capital letters
/// @param target path and query as they stand on the wire, starting with `/`
public record Request(String method, String target, Headers headers, Body body) {
    public static Request get(String target) {
        return new Request("GET", target, Headers.NONE, Body.empty());
    }

    public static Request of(String method, String target) {
        return new Request(method, target, Headers.NONE, Body.empty());
    }

    /// The same request with one more header field.
    public Request with(String name, String value) {
        return new Request(method, target, headers.and(name, value), body);
    }

    /// The same request with a body of this type.
    public Request with(String mediaType, Body content) {
        return new Request(method, target, headers.and("Content-Type", mediaType), content);
    }

    /// The path, still percent-encoded.
    public String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// A query parameter, decoded.
    public Optional<String> query(String name) {
        int query = target.indexOf('?');
        if (query < 0) {
            return Optional.empty();
        }
        for (String pair : target.substring(query + 1).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (decode(parts[0]).equals(name)) {
                return Optional.of(parts.length == 2 ? decode(parts[1]) : "");
            }
        }
        return Optional.empty();
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Fault(Fault.Kind.INVALID, "the query is not percent-encoded as RFC 3986 says", e);
        }
    }
}
