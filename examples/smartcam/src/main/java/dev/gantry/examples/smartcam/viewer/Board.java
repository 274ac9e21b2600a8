// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.viewer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the page shows: the latest product and the counts since the start.
///
/// @param acceptance lowest score of a good product
/// @param sequence of the latest frame that was counted, -1 before the first
/// @param trouble why there is nothing newer; empty while the camera answers
record Board(double acceptance, long sequence, double score, long seen, long rejected, Optional<String> trouble) {
    private static final Pattern ANSWER = Pattern.compile("\"sequence\":(\\d+),.*\"score\":([0-9.]+)");

    static Board empty(double acceptance) {
        return new Board(acceptance, -1, 0, 0, 0, Optional.of("the camera has not answered yet"));
    }

    /// The board after an answer of the camera; a frame that was counted already changes nothing.
    Board after(String answer) {
        Matcher parts = ANSWER.matcher(answer);
        if (!parts.find()) {
            return troubled("the camera's answer cannot be read");
        }
        long next = Long.parseLong(parts.group(1));
        double found = Double.parseDouble(parts.group(2));
        if (next == sequence) {
            return new Board(acceptance, sequence, score, seen, rejected, Optional.empty());
        }
        return new Board(acceptance, next, found, seen + 1, rejected + (found < acceptance ? 1 : 0), Optional.empty());
    }

    Board troubled(String why) {
        return new Board(acceptance, sequence, score, seen, rejected, Optional.of(why));
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"camera\":%b,\"sequence\":%d,\"score\":%.3f,\"good\":%b,\"seen\":%d,\"rejected\":%d}",
                trouble.isEmpty(),
                sequence,
                score,
                score >= acceptance,
                seen,
                rejected);
    }

    String page() {
        String state = trouble.orElse(score >= acceptance ? "good" : "rejected");
        return String.format(Locale.ROOT, """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>SmartCam</title>
                <style>body{font:1.2rem system-ui;margin:3rem}strong{font-size:4rem}</style></head>
                <body><h1>SmartCam</h1>
                <p>Product %d: <strong>%.3f</strong> (%s)</p>
                <p>%d products seen, %d rejected below %.3f</p></body>
                </html>
                """, sequence, score, state, seen, rejected, acceptance);
    }
}
