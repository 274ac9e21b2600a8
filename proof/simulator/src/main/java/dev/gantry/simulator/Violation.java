// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import java.util.List;

/// Something did not hold. The message names the invariant, the seed that shows it again, and the last lines of the
/// run.
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String invariant;

    Violation(long seed, String invariant, String what, List<String> lastLines, Throwable cause) {
        super(
                invariant + " does not hold: " + what + "\nagain with: ./gantry sim --seed " + seed + "\n"
                        + String.join("\n", lastLines),
                cause);
        this.invariant = invariant;
    }

    /// The name of what did not hold.
    public String invariant() {
        return invariant;
    }
}
