// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.wfm.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Trouble that comes from outside and lasts a while: power cuts, wrong clocks, crashes, sites offline, a silent
/// registry,
/// moved tags, a WFM that restarts or is restored.
final class Weather {
    private final World world;
    private final Faults faults;
    private final SimulatedWfm wfm;
    private final Registry registry;
    private final Operator operator;
    private final List<SimulatedDevice> devices;
    private Optional<Backup> backup = Optional.empty();
    private boolean restored;

    private record Backup(Store.Snapshot store, Operator.Book book) {}

    Weather(
            World world,
            Faults faults,
            SimulatedWfm wfm,
            Registry registry,
            Operator operator,
            List<SimulatedDevice> devices) {
        this.world = world;
        this.faults = faults;
        this.wfm = wfm;
        this.registry = registry;
        this.operator = operator;
        this.devices = devices;
        world.after(world.seconds(20, 60), this::change);
    }

    /// Whether the WFM has lost what happened after its backup.
    boolean hasRestored() {
        return restored;
    }

    private void change() {
        if (faults.isHealed()) {
            return;
        }
        SimulatedDevice device = world.oneOf(devices);
        switch (world.chance().nextInt(10)) {
            case 0 -> device.cut("power cut from outside");
            case 1 -> device.turnClock(world.seconds(-7200, 7200));
            case 2, 3 -> device.runtime().crash();
            case 4 -> wfm.stop(world.seconds(0, 60));
            case 5 -> silence();
            case 6 -> moveTags();
            case 7 -> offline(device);
            case 8 -> keepBackup();
            default -> restore();
        }
        world.after(world.seconds(10, 60), this::change);
    }

    /// The end of all trouble that lasts.
    void clear() {
        devices.forEach(device -> device.network().offline(false));
        registry.reachable(true);
        registry.moveBack();
    }

    private void silence() {
        world.note("registry", "out of reach");
        registry.reachable(false);
        world.after(world.seconds(5, 300), () -> registry.reachable(true));
    }

    private void moveTags() {
        registry.tags().keySet().stream().filter(_ -> world.happens(0.5)).forEach(registry::move);
        world.note("registry", "tags moved");
        world.after(world.seconds(30, 600), registry::moveBack);
    }

    private void offline(SimulatedDevice device) {
        world.note(device.client().value(), "site offline");
        device.network().offline(true);
        Duration gap = world.seconds(10, 600);
        world.after(gap, () -> device.network().offline(false));
    }

    /// A backup counts only once every device is known, as an administrator would begin with it.
    private void keepBackup() {
        boolean settled = operator.isSettled()
                && wfm.fleet()
                        .filter(fleet -> fleet.clients().stream()
                                .noneMatch(view -> view.devices().isEmpty()))
                        .isPresent();
        if (settled && backup.isEmpty()) {
            world.note("wfm", "backup taken");
            backup = Optional.of(new Backup(wfm.backup(), operator.book()));
        }
    }

    private void restore() {
        if (backup.isPresent() && !restored && wfm.fleet().isPresent()) {
            restored = true;
            operator.restore(backup.get().book());
            wfm.restore(backup.get().store());
        }
    }
}
