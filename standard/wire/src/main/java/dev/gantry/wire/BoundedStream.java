// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The first bytes of another stream.
final class BoundedStream extends FilterInputStream {
    private long rest;

    BoundedStream(InputStream in, long length) {
        super(in);
        rest = length;
    }

    @Override
    public int read() throws IOException {
        int next = rest > 0 ? super.read() : -1;
        rest -= next < 0 ? 0 : 1;
        return next;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (rest <= 0) {
            return length == 0 ? 0 : -1;
        }
        int count = super.read(into, offset, (int) Math.min(length, rest));
        rest -= Math.max(count, 0);
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
