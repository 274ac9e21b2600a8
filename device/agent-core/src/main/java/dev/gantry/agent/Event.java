// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Something that happened in the agent: a short sentence in the past tense, and what it was about.
///
/// @param security whether somebody may have tampered (MI-071)
public record Event(String sentence, boolean security, SequencedMap<String, String> about) {
    public Event {
        about = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(about));
    }

    /// An event about name, value, name, value, …
    static Event of(String sentence, Object... about) {
        return new Event(sentence, false, pairs(about));
    }

    static Event security(String sentence, Object... about) {
        return new Event(sentence, true, pairs(about));
    }

    private static SequencedMap<String, String> pairs(Object... about) {
        var pairs = new LinkedHashMap<String, String>();
        for (int i = 0; i < about.length; i += 2) {
            pairs.put(String.valueOf(about[i]), String.valueOf(about[i + 1]));
        }
        return pairs;
    }

    @Override
    public String toString() {
        return sentence + (about.isEmpty() ? "" : " " + about);
    }
}
