// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import java.time.Duration;
import java.util.stream.Stream;

/// How long a client waits and how much it takes.
///
/// @param connect to reach one address and to end the TLS handshake, each
/// @param answer from the end of the request to the head of its answer
/// @param stall without any progress in the middle of a body, either way
/// @param kept how long a connection without work is used again; shorter than what servers keep it
/// @param age of a connection, after which a new one is made (ID-106)
/// @param answerBytes of an answer's body; more is refused
public record TransportLimits(
        Duration connect, Duration answer, Duration stall, Duration kept, Duration age, long answerBytes) {
    public static final TransportLimits DEFAULT = new TransportLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofHours(1),
            64 << 20);

    public TransportLimits {
        if (answerBytes < 0 || Stream.of(connect, answer, stall, kept, age).anyMatch(time -> !time.isPositive())) {
            throw Fault.invalid("the limits of a transport are positive");
        }
    }

    /// The same limits for larger or smaller answers.
    public TransportLimits withAnswerBytes(long bytes) {
        return new TransportLimits(connect, answer, stall, kept, age, bytes);
    }
}
