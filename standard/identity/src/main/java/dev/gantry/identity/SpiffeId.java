// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.List;
import java.util.regex.Pattern;

/// A SPIFFE ID, `spiffe://<trust-domain>/<path>`, in its one exact spelling: no case folding, no
/// percent-encoding, no port, query, fragment or trailing slash (ID-005, ID-020). Up to 2048 bytes (ID-006). The
/// path may be absent: that is the id of the trust domain itself.
public record SpiffeId(String value) {
    /// The longest SPIFFE ID, in bytes; every legal one is ASCII.
    public static final int BYTES = 2048;

    private static final String SCHEME = "spiffe://";
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

    public SpiffeId {
        if (value.length() > BYTES) {
            throw Fault.invalid("a SPIFFE ID has at most " + BYTES + " bytes, this one has " + value.length());
        }
        if (!value.startsWith(SCHEME)) {
            throw Fault.invalid(Text.quoted(value) + " is not a SPIFFE ID: it does not start with " + SCHEME);
        }
        String[] parts = value.substring(SCHEME.length()).split("/", -1);
        for (int i = 1; i < parts.length; i++) {
            if (!isSegment(parts[i])) {
                throw Fault.invalid(
                        Text.quoted(value) + " is not a SPIFFE ID: its path has the segment " + Text.quoted(parts[i]));
            }
        }
        var _ = new TrustDomain(parts[0]);
    }

    /// Whether a text can be one segment of a path: letters, digits, `.`, `-`, `_`, but neither `.` nor `..`
    /// (ID-008).
    static boolean isSegment(String text) {
        return SEGMENT.matcher(text).matches() && !text.equals(".") && !text.equals("..");
    }

    public TrustDomain trustDomain() {
        return new TrustDomain(parts()[0]);
    }

    /// The segments of the path, in order; none for the trust domain itself.
    public List<String> path() {
        List<String> parts = List.of(parts());
        return parts.subList(1, parts.size());
    }

    private String[] parts() {
        return value.substring(SCHEME.length()).split("/", -1);
    }

    @Override
    public String toString() {
        return value;
    }
}
