// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import java.util.Optional;
import java.util.stream.Stream;

/// How an OTLP message is written.
public enum Encoding {
    PROTOBUF("application/x-protobuf"),
    JSON("application/json");

    private final String mediaType;

    Encoding(String mediaType) {
        this.mediaType = mediaType;
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
