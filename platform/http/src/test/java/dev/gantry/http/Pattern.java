// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import java.io.InputStream;

/// A stream of bytes that can be told apart by their place, and that says how much of it has been taken.
final class Pattern extends InputStream {
    private final long length;
    private volatile long made;

    Pattern(long length) {
        this.length = length;
    }

    static byte at(long place) {
        return (byte) (place * 31 + (place >> 16));
    }

    /// How many bytes have been taken so far.
    long made() {
        return made;
    }

    @Override
    public int read() {
        throw new AssertionError("is read in pieces");
    }

    @Override
    public int read(byte[] into, int offset, int wanted) {
        long from = made;
        int count = (int) Math.min(wanted, length - from);
        for (int i = 0; i < count; i++) {
            into[offset + i] = at(from + i);
        }
        made = from + count;
        return count == 0 ? -1 : count;
    }
}
