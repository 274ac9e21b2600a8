// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One way in which a registry wants to be told who asks (RFC 9110 section 11.6.1).
///
/// @param scheme lowercase: `bearer`, `basic`
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PART = Pattern.compile(
            "\\G[\\s,]*(?:([A-Za-z]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))|([A-Za-z]+)(?=\\s|,|$))");
    private static final int LONGEST = 8_192;

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /// All challenges of a header field, in their order; what cannot be read ends the list.
    static List<Challenge> parse(String field) {
        var challenges = new ArrayList<Challenge>();
        Matcher part = PART.matcher(field.length() > LONGEST ? field.substring(0, LONGEST) : field);
        while (part.find()) {
            if (part.group(4) != null) {
                challenges.add(new Challenge(part.group(4).toLowerCase(Locale.ROOT), new LinkedHashMap<>()));
            } else if (!challenges.isEmpty()) {
                String value = part.group(2) != null ? part.group(2).replaceAll("\\\\(.)", "$1") : part.group(3);
                challenges.getLast().parameters().put(part.group(1).toLowerCase(Locale.ROOT), value);
            }
        }
        return List.copyOf(challenges);
    }
}
