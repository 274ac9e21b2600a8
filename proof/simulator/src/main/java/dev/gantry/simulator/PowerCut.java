// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

/// The power of a device, or of the WFM's server, went away in the middle of what it was doing. Nothing in production
/// code catches it: whoever was running is gone, and only what is durable stays.
final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;

    PowerCut(String where) {
        super("power cut " + where, null, false, false);
    }
}
