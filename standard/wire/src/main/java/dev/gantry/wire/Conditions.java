// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire;

import dev.gantry.content.Digest;
import dev.gantry.spec.Requirement;
import java.util.Optional;

/// ETags, conditional requests and content negotiation (RFC 9110 sections 8.8.3, 12.5.1, 13.1.2).
public final class Conditions {
    private Conditions() {}

    /// The strong entity tag of a representation: its digest in quotes (MI-037, MI-054).
    public static String etag(Digest digest) {
        return '"' + digest.value() + '"';
    }

    /// Whether `If-None-Match` names this representation: `*`, lists and weak comparison included.
    @Requirement({"MI-036", "MI-061"})
    public static boolean matches(Request request, String etag) {
        Optional<String> condition = request.headers().get("If-None-Match");
        if (condition.isEmpty()) {
            return false;
        }
        for (String candidate : condition.get().split(",", -1)) {
            String tag = candidate.strip();
            if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the `Accept` header lets the server send this media type: absent means yes, the most specific
    /// range that
    /// fits decides, `q=0` excludes (MI-033, MI-034, reading A-33).
    @Requirement({"MI-033", "MI-034"})
    public static boolean accepts(Request request, String mediaType) {
        Optional<String> accept = request.headers().get("Accept").filter(value -> !value.isBlank());
        if (accept.isEmpty()) {
            return true;
        }
        String anyOfType = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
        int best = -1;
        boolean accepted = false;
        for (String entry : accept.get().split(",", -1)) {
            String[] parts = entry.split(";", -1);
            String range = parts[0].strip();
            int fit = range.equalsIgnoreCase(mediaType)
                    ? 2
                    : range.equalsIgnoreCase(anyOfType) ? 1 : range.equals("*/*") ? 0 : -1;
            if (fit > best) {
                best = fit;
                accepted = !excluded(parts);
            }
        }
        return accepted;
    }

    private static boolean excluded(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].strip().matches("(?i)q\\s*=\\s*0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }
}
