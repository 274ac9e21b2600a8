// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import dev.gantry.wire.Body;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How answers look on the wire: the fields that the engine adds, and the problem documents of what went wrong.
final class Answers {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private final InstantSource clock;
    private final String listener;
    private volatile Stamp stamp = new Stamp(Long.MIN_VALUE, "");

    /// The `Date` field of one second.
    private record Stamp(long second, String text) {}

    Answers(String listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /// What a failed handler looks like from outside. What is ours to repair is logged here, once, and not told.
    Response failure(Request request, Throwable why) {
        if (why instanceof Fault fault) {
            if (fault.kind() == Fault.Kind.BROKEN || fault.kind() == Fault.Kind.UNAVAILABLE) {
                log.atWarn()
                        .addKeyValue("listener", listener)
                        .addKeyValue("method", request.method())
                        .addKeyValue("path", request.rawPath())
                        .setCause(fault)
                        .log("request could not be carried out");
            }
            return Problem.of(fault).response(request);
        }
        log.atError()
                .addKeyValue("listener", listener)
                .addKeyValue("method", request.method())
                .addKeyValue("path", request.rawPath())
                .setCause(why)
                .log("handler failed");
        return Problem.blank(500, "The server has an internal problem; its log says which.")
                .response(request);
    }

    /// A message with its whole content; HEAD, 204 and 304 carry none.
    HttpResponse whole(Response response, boolean head, boolean close) {
        boolean bare = carriesNothing(response.status());
        ByteBuf content = !head && !bare && response.body() instanceof Body.Bytes(var blob) && blob.size() > 0
                ? Unpooled.wrappedBuffer(blob.buffer())
                : Unpooled.EMPTY_BUFFER;
        var message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                content,
                fields(response, close),
                EmptyHttpHeaders.INSTANCE);
        long length = response.body().length();
        boolean told =
                head && length == 0 && response.headers().get("Content-Length").isPresent();
        if (told) {
            message.headers()
                    .set(
                            HttpHeaderNames.CONTENT_LENGTH,
                            response.headers().get("Content-Length").orElseThrow());
        } else if (!bare && length >= 0) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        }
        return message;
    }

    /// The head of a message whose content follows piece by piece.
    HttpResponse head(Response response, boolean close) {
        var message = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), fields(response, close));
        long length = response.body().length();
        if (length >= 0) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        } else {
            message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return message;
    }

    /// Whether the status allows no content (RFC 9110 sections 15.3.5 and 15.4.5).
    static boolean carriesNothing(int status) {
        return status == 204 || status == 304 || status < 200;
    }

    private HttpHeaders fields(Response response, boolean close) {
        HttpHeaders fields = HttpFields.of(response.headers());
        if (!fields.contains(HttpHeaderNames.DATE)) {
            fields.set(HttpHeaderNames.DATE, date());
        }
        if (close) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return fields;
    }

    private String date() {
        Instant now = clock.instant();
        Stamp known = stamp;
        if (known.second != now.getEpochSecond()) {
            known = new Stamp(
                    now.getEpochSecond(), DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
            stamp = known;
        }
        return known.text;
    }
}
