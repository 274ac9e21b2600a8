// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import java.util.Optional;
import java.util.stream.Stream;

/// How an OTLP message is written.
public enum Encoding {
    PROTOBUF(1, "application/x-protobuf"),
    JSON(2, "application/json");

    private final int code;
    private final String mediaType;

    Encoding(int code, String mediaType) {
        this.code = code;
        this.mediaType = mediaType;
    }

    /// Its number in the ring's files, which never changes.
    int code() {
        return code;
    }

    static Optional<Encoding> coded(int code) {
        return Stream.of(values()).filter(encoding -> encoding.code == code).findFirst();
    }

    public String mediaType() {
        return mediaType;
    }

    static Optional<Encoding> of(String mediaType) {
        return Stream.of(values())
                .filter(encoding -> encoding.mediaType.equals(mediaType))
                .findFirst();
    }
}
