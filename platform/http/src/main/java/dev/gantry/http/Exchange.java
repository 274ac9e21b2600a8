// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.wire.Body;
import dev.gantry.wire.Request;
import org.jspecify.annotations.Nullable;

/// One request of a connection and how far it has come; touched only by the thread that reads the socket, but for the
/// pipe, which is made for two.
final class Exchange {
    final RequestHead.Accepted head;
    final @Nullable BodyPipe pipe;
    long since;
    long received;
    long pausedAt;
    boolean complete;
    boolean answered;
    boolean streaming;
    boolean closes;

    Exchange(RequestHead.Accepted head, @Nullable BodyPipe pipe, long since) {
        this.head = head;
        this.pipe = pipe;
        this.since = since;
        complete = pipe == null;
    }

    Request withoutBody() {
        return head.request(Body.empty());
    }
}
