// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import java.util.Optional;
import java.util.stream.Stream;

/// What OTLP carries, each on a path of its own.
public enum Signal {
    TRACES("/v1/traces"),
    METRICS("/v1/metrics"),
    LOGS("/v1/logs");

    private final String path;

    Signal(String path) {
        this.path = path;
    }

    public String path() {
        return path;
    }

    static Optional<Signal> at(String path) {
        return Stream.of(values()).filter(signal -> signal.path.equals(path)).findFirst();
    }
}
