// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a virtual thread does for one request: takes the body in, calls the handler, sends what it answers.
///
/// @param ready the answer where the handler gave it at once but its body has to be read from somewhere
record Work(
        HttpServer server,
        Connection connection,
        Exchange exchange,
        Caller caller,
        @Nullable Response ready) implements Runnable {
    /// Bodies up to this many bytes reach the handler in memory, larger ones as a stream.
    static final int IN_MEMORY = 64 << 10;

    private static final Logger log = LoggerFactory.getLogger(Work.class);

    @Override
    public void run() {
        Response response = ready == null ? handled() : ready;
        if (response != null) {
            send(response);
        }
    }

    /// The handler's answer, or null when nobody waits for one any more.
    private @Nullable Response handled() {
        BodyPipe pipe = exchange.pipe;
        Body body;
        try {
            body = pipe == null ? Body.empty() : taken(pipe, exchange.head.bodyLength());
        } catch (IOException _) {
            // The sender is gone or has been told already what was wrong with the body.
            return null;
        }
        Request request = exchange.head.request(body);
        try {
            return server.handler().handle(caller, request);
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError | AssertionError e) {
            return pipe != null && pipe.hasFailed() ? null : server.answers().failure(request, e);
        }
    }

    /// All of a small body, or a stream that begins with what has come.
    static Body taken(InputStream from, long length) throws IOException {
        byte[] first = from.readNBytes(IN_MEMORY + 1);
        if (first.length <= IN_MEMORY) {
            return Body.of(Blob.of(first));
        }
        return new Body.Stream(new SequenceInputStream(new ByteArrayInputStream(first), from), length);
    }

    private void send(Response response) {
        if (response.body() instanceof Body.Bytes) {
            connection.deliver(() -> connection.answer(exchange, response));
            return;
        }
        InputStream stream;
        try {
            stream = open(response.body());
        } catch (IOException | RuntimeException e) {
            sendFailure(e);
            return;
        }
        try (InputStream in = stream) {
            if (exchange.head.isHead() || Answers.carriesNothing(response.status())) {
                connection.deliver(() -> connection.answer(exchange, response));
            } else {
                stream(response, in);
            }
        } catch (IOException | RuntimeException e) {
            log.atInfo()
                    .addKeyValue("listener", server.config().name())
                    .addKeyValue("path", exchange.withoutBody().rawPath())
                    .addKeyValue("reason", e.toString())
                    .log("answer broke off");
            connection.channel().close();
        }
    }

    private void stream(Response response, InputStream in) throws IOException {
        HttpResponse head;
        try {
            head = server.answers().head(response, false);
        } catch (IllegalArgumentException e) {
            sendFailure(e);
            return;
        }
        var begun = new FutureTask<>(() -> connection.begin(exchange, head));
        connection.deliver(begun);
        try {
            if (begun.get()) {
                var pump = new BodyPump(
                        connection.channel(), server.config().limits().times().stall());
                pump.send(in, response.body().length(), () -> false);
                connection.deliver(() -> connection.end(exchange));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server is closing", e);
        } catch (ExecutionException e) {
            throw new IOException("the answer could not begin", e);
        }
    }

    private void sendFailure(Exception why) {
        Response failure = server.answers().failure(exchange.withoutBody(), why);
        connection.deliver(() -> connection.answer(exchange, failure));
    }

    private static InputStream open(Body body) throws IOException {
        if (body instanceof Body.FilePart(var file, var offset, var length) && Files.size(file) < offset + length) {
            throw new Fault(Fault.Kind.BROKEN, file + " is shorter than it should be");
        }
        return body.open();
    }
}
