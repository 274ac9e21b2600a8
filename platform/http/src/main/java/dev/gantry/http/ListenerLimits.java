// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import java.time.Duration;
import java.util.stream.Stream;

/// What a listener takes before it refuses, cuts or closes.
public record ListenerLimits(Sizes sizes, Times times) {
    public static final ListenerLimits DEFAULT = new ListenerLimits(Sizes.DEFAULT, Times.DEFAULT);

    /// How much.
    ///
    /// @param headerBytes of all header fields of a request together; more is answered 431
    /// @param targetBytes of the request line; more is answered 414
    /// @param bodyBytes of a request; more is answered 413
    /// @param connections open at once; further ones are closed unread
    /// @param pipelined requests of one connection that wait behind the running one; with more, the connection
    ///     ends after the answers to those
    /// @param bytesPerSecond that a sender of a body must reach on average once [Times#request] has passed
    public record Sizes(
            int headerBytes, int targetBytes, long bodyBytes, int connections, int pipelined, int bytesPerSecond) {
        public static final Sizes DEFAULT = new Sizes(16 << 10, 8 << 10, 16 << 20, 20_000, 16, 1 << 10);

        public Sizes {
            if (headerBytes < 1
                    || targetBytes < 1
                    || bodyBytes < 0
                    || connections < 1
                    || pipelined < 1
                    || bytesPerSecond < 1) {
                throw Fault.invalid("the sizes of a listener are positive");
            }
        }

        /// These sizes with another limit for bodies.
        public Sizes withBodyBytes(long bytes) {
            return new Sizes(headerBytes, targetBytes, bytes, connections, pipelined, bytesPerSecond);
        }
    }

    /// How long. Kept to a quarter of the shortest of them, or to [#TICK] where that is less.
    ///
    /// @param handshake from the connection to the end of the TLS handshake
    /// @param idle between two requests of a connection
    /// @param request from the first byte of a request to its last one; a body gets more as it grows
    /// @param stall without any progress in the middle of a body or of an answer
    /// @param age of a connection, counted from its full handshake, before it takes no further request
    /// @param drain what running requests get to finish when the server closes or the connection is of age
    public record Times(
            Duration handshake, Duration idle, Duration request, Duration stall, Duration age, Duration drain) {
        /// The coarsest step in which times are kept.
        public static final Duration TICK = Duration.ofSeconds(5);

        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofSeconds(10));

        public Times {
            if (Stream.of(handshake, idle, request, stall, age, drain).anyMatch(time -> !time.isPositive())) {
                throw Fault.invalid("the times of a listener are positive");
            }
        }

        Duration tick() {
            Duration shortest = Stream.of(idle, request, stall, age)
                    .min(Duration::compareTo)
                    .orElseThrow();
            Duration step = shortest.dividedBy(4).plusMillis(1);
            return step.compareTo(TICK) < 0 ? step : TICK;
        }
    }

    /// These limits with another one for bodies.
    public ListenerLimits withBodyBytes(long bytes) {
        return new ListenerLimits(sizes.withBodyBytes(bytes), times);
    }

    /// These limits with other times.
    public ListenerLimits with(Times others) {
        return new ListenerLimits(sizes, others);
    }
}
