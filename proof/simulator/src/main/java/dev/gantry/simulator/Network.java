// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.content.Blob;
import dev.gantry.simulator.Faults.Kind;
import dev.gantry.spec.ClientId;
import dev.gantry.wire.Body;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import dev.gantry.wire.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The way from one device to the WFM. Requests and replies are lost, repeated, late, stale and altered, as the seed
/// draws it.
///
/// A late request is carried out after its sender has given up, but before it tries again: a client waits longer than
/// that, and no sequence number in the standard could tell an older status from a newer one.
final class Network implements Transport {
    private static final int REMEMBERED = 8;
    private static final int BODY = 64 << 20;
    private static final Duration LATEST = Duration.ofMillis(1500);

    private final World world;
    private final Faults faults;
    private final ClientId client;
    private final Server server;
    private final Map<String, List<Response>> recorded = new HashMap<>();
    private boolean offline;

    /// The other end.
    interface Server {
        Response handle(ClientId client, Request request) throws Unreachable;
    }

    Network(World world, Faults faults, ClientId client, Server server) {
        this.world = world;
        this.faults = faults;
        this.client = client;
        this.server = server;
    }

    void offline(boolean cut) {
        offline = cut;
    }

    @Override
    public Response send(Request request) throws Unreachable {
        if (offline) {
            throw new Unreachable("the site is offline");
        }
        if (faults.strike(Kind.LOST_REQUEST)) {
            throw new Unreachable("the request was lost");
        }
        if (faults.strike(Kind.LATE_REQUEST)) {
            world.after(LATEST, () -> late(request));
            throw new Unreachable("no answer in time");
        }
        if (faults.strike(Kind.BUSY)) {
            return Problem.blank(503, "too much to do").response(request);
        }
        List<Response> older = recorded.getOrDefault(request.target(), List.of());
        if (!older.isEmpty() && faults.strike(Kind.STALE_REPLY)) {
            note("is given an older answer to", request);
            return world.oneOf(older);
        }
        Response response = server.handle(client, request);
        if (faults.strike(Kind.REPEATED_REQUEST)) {
            note("repeats", request);
            response = server.handle(client, request);
        }
        record(request, response);
        if (faults.strike(Kind.LOST_REPLY)) {
            throw new Unreachable("the reply was lost");
        }
        return isContent(request, response) && faults.strike(Kind.ALTERED_REPLY)
                ? altered(request, response)
                : response;
    }

    private void late(Request request) {
        try {
            server.handle(client, request);
            note("was late with", request);
        } catch (Unreachable _) {
            note("lost on its way", request);
        }
    }

    private void note(String what, Request request) {
        world.note(client.value(), what + " " + request.method() + " " + request.target());
    }

    private static boolean isContent(Request request, Response response) {
        return request.method().equals("GET") && response.status() == 200;
    }

    private void record(Request request, Response response) {
        if (isContent(request, response)) {
            List<Response> answers = recorded.computeIfAbsent(request.target(), _ -> new ArrayList<>());
            if (answers.size() == REMEMBERED) {
                answers.remove(world.chance().nextInt(REMEMBERED));
            }
            answers.add(response);
        }
    }

    /// One byte of the body, or one character of the entity tag, is another one.
    private Response altered(Request request, Response response) {
        note("is given an altered answer to", request);
        if (world.happens(0.3)) {
            String etag = response.headers().get("ETag").orElse("\"\"");
            Headers headers = Headers.of(
                    "Content-Type",
                    response.headers().get("Content-Type").orElse(""),
                    "ETag",
                    etag.replace("sha256:", "sha256:0").substring(0, etag.length()));
            return new Response(200, headers, response.body());
        }
        byte[] bytes = response.body().whole(BODY).toByteArray();
        if (bytes.length > 0) {
            bytes[world.chance().nextInt(bytes.length)] ^=
                    (byte) (1 << world.chance().nextInt(Byte.SIZE));
        }
        return new Response(200, response.headers(), Body.of(Blob.of(bytes)));
    }
}
