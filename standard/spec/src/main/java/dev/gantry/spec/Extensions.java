// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Tree;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Members named `x-<name>-extensions`, each an object: kept, passed on unchanged, and ignored by whoever does
/// not know
/// them (MI-096, MI-097, DP-016, DP-018).
public record Extensions(Map<String, Tree.Obj> members) {
    public static final Extensions NONE = new Extensions(Map.of());

    /// The name under which Gantry's own extensions stand.
    public static final String GANTRY = "x-gantry-extensions";

    public Extensions {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /// Whether a member's name has the form of an extension.
    public static boolean isName(String name) {
        return Form.EXTENSION.matcher(name).matches();
    }

    /// Gantry's own extension; empty when there is none.
    public Tree.Obj gantry() {
        return members.getOrDefault(GANTRY, Tree.Obj.EMPTY);
    }
}
