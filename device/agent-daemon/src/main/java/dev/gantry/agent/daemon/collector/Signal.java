// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import java.util.Optional;
import java.util.stream.Stream;

/// What OTLP carries, each on a path of its own.
public enum Signal {
    TRACES(1, "/v1/traces"),
    METRICS(2, "/v1/metrics"),
    LOGS(3, "/v1/logs");

    private final int code;
    private final String path;

    Signal(int code, String path) {
        this.code = code;
        this.path = path;
    }

    /// Its number in the ring's files, which never changes.
    int code() {
        return code;
    }

    static Optional<Signal> coded(int code) {
        return Stream.of(values()).filter(signal -> signal.code == code).findFirst();
    }

    public String path() {
        return path;
    }

    static Optional<Signal> at(String path) {
        return Stream.of(values()).filter(signal -> signal.path.equals(path)).findFirst();
    }
}
