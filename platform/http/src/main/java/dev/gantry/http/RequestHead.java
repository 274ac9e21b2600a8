// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.wire.Body;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;

/// What the head of a request says, or why it is refused.
sealed interface RequestHead {
    /// A head that may be answered.
    ///
    /// @param bodyLength 0 without a body, -1 when it comes in chunks
    record Accepted(
            String method, String target, Headers headers, long bodyLength, boolean keepAlive, boolean expectsContinue)
            implements RequestHead {
        boolean isHead() {
            return method.equals("HEAD");
        }

        Request request(Body body) {
            return new Request(method, target, headers, body);
        }
    }

    /// A head that ends the connection.
    record Rejected(int status, String detail) implements RequestHead {}

    /// @param largestBody that the listener takes, in bytes
    static RequestHead of(HttpRequest raw, long largestBody) {
        if (raw.decoderResult().isFailure()) {
            return unreadable(raw.decoderResult().cause());
        }
        HttpHeaders fields = raw.headers();
        if (!raw.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return new Rejected(505, "This listener speaks version 1.1 only.");
        }
        List<String> hosts = fields.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1) {
            return new Rejected(400, "A request has exactly one Host field; this one has " + hosts.size() + ".");
        }
        List<String> codings = fields.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunked = codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst());
        if (!codings.isEmpty() && !chunked) {
            return new Rejected(501, "The only supported transfer coding is chunked.");
        }
        String target = originForm(raw.uri());
        if (target.isEmpty() || !raw.method().name().chars().allMatch(RequestHead::isMethodCharacter)) {
            return new Rejected(400, "The request line does not name a method and a path.");
        }
        long length = chunked ? -1 : fields.contains(HttpHeaderNames.CONTENT_LENGTH) ? length(fields) : 0;
        if (length > largestBody) {
            return tooLarge(largestBody);
        }
        List<String> expected = fields.getAll(HttpHeaderNames.EXPECT);
        boolean expectsContinue =
                expected.size() == 1 && HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected.getFirst());
        if (!expected.isEmpty() && !expectsContinue) {
            return new Rejected(417, "The only supported expectation is 100-continue.");
        }
        boolean keepAlive = !fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        return new Accepted(
                raw.method().name(), target, HttpFields.of(fields), length, keepAlive, expectsContinue && length != 0);
    }

    static Rejected tooLarge(long largestBody) {
        return new Rejected(413, "The body has more than " + largestBody + " bytes.");
    }

    private static Rejected unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> new Rejected(414, "The request line is too long.");
            case TooLongHttpHeaderException _ -> new Rejected(431, "The header fields are too large.");
            default -> new Rejected(400, "This is not a request as RFC 9112 writes it.");
        };
    }

    private static long length(HttpHeaders fields) {
        // The decoder has refused what is no number.
        return Long.parseLong(fields.get(HttpHeaderNames.CONTENT_LENGTH).strip());
    }

    /// Path and query, also of an absolute target (RFC 9112 section 3.2.2); empty when it is neither.
    private static String originForm(String target) {
        String path = target;
        int scheme = target.indexOf("://");
        if (target.startsWith("http") && (scheme == 4 || scheme == 5)) {
            int slash = target.indexOf('/', scheme + 3);
            path = slash < 0 ? "/" : target.substring(slash);
        }
        boolean good = path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        return good ? path : "";
    }

    private static boolean isMethodCharacter(int c) {
        return c >= 'A' && c <= 'Z' || c == '-';
    }
}
