// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// OTLP over HTTP (opentelemetry-proto, OTLP 1.x): `POST /v1/traces`, `/v1/metrics`, `/v1/logs`, in protobuf or
/// JSON, plain or packed with gzip. A message that was kept is answered by an empty message of its own kind; what
/// cannot be read is answered 400 with a `Status`, so that the sender does not try it again.
@Requirement({"OB-001", "OB-015"})
public final class OtlpHandler implements Handler {
    private static final int RETRY_SECONDS = 30;

    private final SignalRing ring;
    private final RingLimits limits;
    private final InstantSource clock;

    public OtlpHandler(SignalRing ring, RingLimits limits, InstantSource clock) {
        this.ring = ring;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public Response handle(Caller caller, Request request) {
        Optional<Signal> signal = Signal.at(request.rawPath());
        if (signal.isEmpty()) {
            return Problem.blank(404, "this collector takes /v1/traces, /v1/metrics and /v1/logs")
                    .response(request);
        }
        if (!request.method().equals("POST")) {
            return Problem.blank(405, "telemetry is sent with POST")
                    .response(request)
                    .with("Allow", "POST");
        }
        Optional<Encoding> encoding = request.headers().mediaType().flatMap(Encoding::of);
        if (encoding.isEmpty()) {
            return Problem.blank(415, "send application/x-protobuf or application/json")
                    .response(request);
        }
        return kept(request, signal.get(), encoding.get());
    }

    private Response kept(Request request, Signal signal, Encoding encoding) {
        Blob message;
        try {
            message = unpacked(request);
            check(message, encoding);
        } catch (TooLarge _) {
            return Problem.blank(413, "a message has at most " + limits.messageBytes() + " bytes")
                    .response(request);
        } catch (UnknownPacking _) {
            return Problem.blank(415, "pack messages with gzip, or not at all").response(request);
        } catch (Fault fault) {
            return refused(encoding, fault.getMessage());
        }
        try {
            ring.append(new Batch(signal, encoding, Instant.ofEpochMilli(clock.millis()), message));
        } catch (Fault _) {
            return status(503, encoding, "the device cannot keep telemetry now")
                    .with("Retry-After", Integer.toString(RETRY_SECONDS));
        }
        return Response.of(200, encoding.mediaType(), encoding == Encoding.JSON ? Blob.utf8("{}") : Blob.EMPTY);
    }

    private static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final class UnknownPacking extends Exception {
        private static final long serialVersionUID = 1;
    }

    private Blob unpacked(Request request) throws TooLarge, UnknownPacking {
        String packing = request.headers()
                .get("Content-Encoding")
                .orElse("identity")
                .strip()
                .toLowerCase(Locale.ROOT);
        Blob body = whole(request);
        return switch (packing) {
            case "identity" -> body;
            case "gzip" -> gunzipped(body);
            default -> throw new UnknownPacking();
        };
    }

    private Blob whole(Request request) throws TooLarge {
        if (request.body().length() > limits.messageBytes()) {
            throw new TooLarge();
        }
        try {
            return request.body().whole(limits.messageBytes());
        } catch (Fault _) {
            throw new TooLarge();
        } catch (UncheckedIOException e) {
            throw new Fault(Fault.Kind.INVALID, "the message broke off", e);
        }
    }

    private Blob gunzipped(Blob body) throws TooLarge {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body.toByteArray()))) {
            byte[] bytes = in.readNBytes(limits.messageBytes() + 1);
            if (bytes.length > limits.messageBytes()) {
                throw new TooLarge();
            }
            return Blob.of(bytes);
        } catch (IOException e) {
            throw new Fault(Fault.Kind.INVALID, "the message is not packed with gzip as it says", e);
        }
    }

    private void check(Blob message, Encoding encoding) {
        switch (encoding) {
            case JSON -> {
                var sizes = new Limits(limits.messageBytes(), Limits.DOCUMENT.depth(), Limits.MANIFEST.nodes());
                if (!(Json.read(message, sizes) instanceof Tree.Obj)) {
                    throw Fault.invalid("the message is not a JSON object");
                }
            }
            case PROTOBUF -> Protobuf.check(message);
        }
    }

    private static Response refused(Encoding encoding, String why) {
        return status(400, encoding, why);
    }

    /// A `google.rpc.Status` with a message, as OTLP answers refusals.
    private static Response status(int status, Encoding encoding, String why) {
        Blob body = switch (encoding) {
            case JSON -> Json.canonical(Tree.members().put("message", why).build());
            case PROTOBUF -> Protobuf.text(2, why);
        };
        return Response.of(status, encoding.mediaType(), body);
    }

    /// As much of the protobuf wire format as a receiver needs that keeps messages as they are.
    static final class Protobuf {
        private static final int VARINT_BYTES = 10;

        private Protobuf() {}

        /// Refuses bytes that are not a sequence of whole fields of length-delimited kind, as every export
        /// request is.
        static void check(Blob message) {
            var rest = message.buffer();
            while (rest.hasRemaining()) {
                long tag = varint(rest);
                if ((tag & 7) != 2 || tag >>> 3 == 0) {
                    throw Fault.invalid("the message is not an OTLP export request in protobuf");
                }
                long length = varint(rest);
                if (length < 0 || length > rest.remaining()) {
                    throw Fault.invalid("the message is not whole");
                }
                rest.position(rest.position() + (int) length);
            }
        }

        private static long varint(ByteBuffer from) {
            long value = 0;
            for (int i = 0; i < VARINT_BYTES && from.hasRemaining(); i++) {
                byte next = from.get();
                value |= (long) (next & 0x7f) << (7 * i);
                if (next >= 0) {
                    return value;
                }
            }
            throw Fault.invalid("the message is not whole");
        }

        /// A message with one text field.
        static Blob text(int field, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            var out = new ByteArrayOutputStream();
            out.write(field << 3 | 2);
            int length = bytes.length;
            while (length > 0x7f) {
                out.write(length & 0x7f | 0x80);
                length >>>= 7;
            }
            out.write(length);
            out.writeBytes(bytes);
            return Blob.of(out.toByteArray());
        }
    }
}
