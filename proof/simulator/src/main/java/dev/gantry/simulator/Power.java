// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

/// The power supply of one device, which may go away before and after every effect.
record Power(Faults faults) {
    /// A moment in which the power may go away.
    void mayFail(String where) {
        if (faults.strike(Faults.Kind.POWER_CUT)) {
            throw new PowerCut(where);
        }
    }

    /// An effect that is durable when it returns; the power may go away just before and just after it.
    void around(String effect, Runnable action) {
        mayFail("before " + effect);
        action.run();
        mayFail("after " + effect);
    }
}
