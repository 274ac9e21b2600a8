// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import java.time.Duration;
import java.util.function.Consumer;

/// One run: a plant in trouble, then healed.
///
/// @param seed of everything
/// @param devices how many; 0 lets the seed say
public record Simulation(long seed, int devices) {
    private static final Limit ASKING = Limit.events(60_000);
    private static final Limit CONVERGING = Limit.events(40_000).within(Duration.ofMinutes(20));
    private static final int MOST_DEVICES = 6;

    /// How a run ended.
    ///
    /// @param events how many there were
    /// @param summary what runs
    public record Outcome(long events, String summary) {}

    /// Runs it with sound parts.
    public Outcome run(Consumer<String> lines) {
        return run(Parts.SOUND, lines);
    }

    /// Runs it.
    ///
    /// @param lines hears one line for everything that happens
    /// @throws Violation when something does not hold
    public Outcome run(Parts parts, Consumer<String> lines) {
        var world = new World(seed, lines);
        var faults = Faults.drawnFrom(world);
        int count = devices > 0 ? devices : 1 + world.chance().nextInt(MOST_DEVICES);
        int changes = count * (3 + world.chance().nextInt(6));
        var plant = new Plant(world, faults, count, changes, parts);
        plant.watch();

        world.runUntil("allChangesAreAsked", plant::unasked, ASKING);
        plant.heal();
        world.runUntil("everyDeviceRunsWhatIsWanted", plant::unlikeWanted, CONVERGING);
        world.runUntil("everythingIsReportedTruthfully", () -> plant.untruth().or(plant::unlikeWanted), CONVERGING);
        return new Outcome(world.happened(), plant.summary() + " after " + world.elapsed());
    }
}
