// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

/// A parsed document together with the bytes it was read from, which are what is hashed, stored and forwarded.
public record Read<T>(Blob source, T value) {}
