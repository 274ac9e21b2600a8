// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/// The six states of a deployment and of a component, in the order of their severity: the overall state is the most
/// severe of the components' (MI-107, MI-108; the fifth place is `removed`, reading A-14).
@Requirement({"MI-107", "MI-108", "DV-040", "DV-041"})
public enum State {
    INSTALLED,
    REMOVED,
    PENDING,
    INSTALLING,
    REMOVING,
    FAILED;

    /// The word on the wire.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The state of this word; `INVALID` for any other.
    public static State of(String word) {
        for (State state : values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw Fault.invalid(
                Text.quoted(word) + " is not one of pending, installing, installed, failed, removing, removed");
    }

    /// The most severe of these; `installed` when there are none.
    public static State overall(Collection<State> components) {
        return components.stream().max(Comparator.naturalOrder()).orElse(INSTALLED);
    }
}
