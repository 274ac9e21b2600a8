// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import java.util.EnumMap;
import java.util.Map;

/// What goes wrong in one run, and how often: drawn from the seed, so that some runs know many kinds of trouble and
/// others only one. Once healed, the world is kind.
public final class Faults {
    /// A kind of trouble, with how often it happens at most.
    public enum Kind {
        LOST_REQUEST(0.2),
        LOST_REPLY(0.2),
        REPEATED_REQUEST(0.2),
        LATE_REQUEST(0.1),
        STALE_REPLY(0.2),
        ALTERED_REPLY(0.2),
        BUSY(0.1),
        POWER_CUT(0.02),
        STORE_REFUSES(0.05),
        STORE_ANSWER_LOST(0.05),
        SERVER_CRASH(0.02),
        REGISTRY_SILENT(0.3),
        REGISTRY_CORRUPT(0.3),
        START_REFUSED(0.2),
        START_FAILS(0.2),
        REMOVE_REFUSED(0.3);

        private final double most;

        Kind(double most) {
            this.most = most;
        }
    }

    private static final double LEFT_OUT = 0.3;

    private final World world;
    private final Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    private boolean resting;
    private boolean healed;

    private Faults(World world) {
        this.world = world;
    }

    public static Faults drawnFrom(World world) {
        var faults = new Faults(world);
        for (Kind kind : Kind.values()) {
            boolean leftOut = world.happens(LEFT_OUT);
            double share = world.chance().nextDouble() * kind.most;
            faults.shares.put(kind, leftOut ? 0 : share);
        }
        return faults;
    }

    /// Whether this goes wrong now.
    boolean strike(Kind kind) {
        return !healed && !resting && world.happens(shares.getOrDefault(kind, 0.0));
    }

    /// Does something without trouble.
    void spare(Runnable action) {
        resting = true;
        action.run();
        resting = false;
    }

    /// From now on nothing goes wrong any more.
    public void heal() {
        healed = true;
        world.note("world", "faults healed");
    }

    boolean isHealed() {
        return healed;
    }
}
