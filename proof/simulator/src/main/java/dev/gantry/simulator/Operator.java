// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.Operations;
import dev.gantry.wfm.PackageId;
import dev.gantry.wire.Unreachable;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// A person who approves, deploys, changes and withdraws, one thing after the other, and tries again until the WFM
/// answers. Keeps a book of what was acknowledged.
final class Operator {
    private static final String NAME = "operator";

    private final World world;
    private final SimulatedWfm wfm;
    private final List<SimulatedDevice> devices;
    private final List<AppPackage> packages;
    private final ArrayDeque<Wish> first = new ArrayDeque<>();

    private SortedMap<DeploymentId, Asked> asked = new TreeMap<>();
    private SortedSet<ClientId> retired = new TreeSet<>();
    private Optional<Wish> trying = Optional.empty();
    private int left;
    private int named;

    /// What was asked for and acknowledged.
    record Asked(ClientId client, PackageId application, int pollSeconds, boolean withdrawn) {
        Map<String, Tree> values() {
            return Map.of("pollSeconds", Tree.of(pollSeconds));
        }
    }

    /// The book at one time, for a backup.
    record Book(SortedMap<DeploymentId, Asked> asked, SortedSet<ClientId> retired) {}

    /// Something to do, with what is to be written down once it is done.
    private record Wish(String what, Optional<DeploymentId> about, Deed deed, Runnable done) {}

    @FunctionalInterface
    private interface Deed {
        Object ask(Operations operations);
    }

    Operator(World world, SimulatedWfm wfm, List<SimulatedDevice> devices, List<AppPackage> packages, int changes) {
        this.world = world;
        this.wfm = wfm;
        this.devices = devices;
        this.packages = packages;
        this.left = changes;
        packages.forEach(application -> first.add(wish("import " + application.id(), on -> on.add(application))));
        devices.forEach(device -> first.add(wish("approve " + device.client(), on -> on.approve(device.client()))));
        world.after(world.seconds(1, 10), this::act);
    }

    private static Wish wish(String what, Deed deed) {
        return new Wish(what, Optional.empty(), deed, () -> {});
    }

    /// Whether every wish was acknowledged.
    boolean isDone() {
        return first.isEmpty() && left == 0 && trying.isEmpty();
    }

    /// Whether every client was approved, and it is known what became of every wish.
    boolean isSettled() {
        return first.isEmpty() && trying.isEmpty();
    }

    SortedMap<DeploymentId, Asked> asked() {
        return asked;
    }

    boolean isRetired(ClientId client) {
        return retired.contains(client);
    }

    /// Whether it is not known what became of the last wish about this.
    boolean isTrying(DeploymentId id) {
        return trying.flatMap(Wish::about).equals(Optional.of(id));
    }

    Book book() {
        return new Book(new TreeMap<>(asked), new TreeSet<>(retired));
    }

    /// Goes on from an older book, as the WFM does.
    void restore(Book book) {
        asked = new TreeMap<>(book.asked());
        retired = new TreeSet<>(book.retired());
        trying = Optional.empty();
    }

    private void act() {
        if (trying.isEmpty()) {
            trying = first.isEmpty() && left > 0 ? Optional.of(drawn()) : Optional.ofNullable(first.peek());
        }
        Reply reply = trying.map(this::reply).orElse(Reply.UNKNOWN);
        if (reply != Reply.UNKNOWN) {
            if (reply == Reply.DONE) {
                trying.orElseThrow().done().run();
            }
            trying = Optional.empty();
            if (first.isEmpty()) {
                left--;
            } else {
                first.remove();
            }
        }
        boolean settling = !first.isEmpty();
        world.after(trying.isPresent() ? world.seconds(2, 20) : world.seconds(1, settling ? 2 : 60), this::act);
    }

    /// What became of a wish.
    private enum Reply {
        DONE,
        /// Nothing was changed, and trying again does not help.
        IMPOSSIBLE,
        UNKNOWN
    }

    private Reply reply(Wish wish) {
        try {
            Object answer = wfm.operate(wish.deed()::ask);
            if (answer instanceof Operations.Answer given && !(given instanceof Operations.Answer.Done)) {
                throw new IllegalStateException(wish.what() + ": " + given);
            }
            world.note(NAME, wish.what() + ": done");
            return Reply.DONE;
        } catch (Unreachable e) {
            world.note(NAME, wish.what() + ": " + e.getMessage());
            return Reply.UNKNOWN;
        } catch (Fault fault) {
            world.note(NAME, wish.what() + ": " + fault.getMessage());
            return switch (fault.kind()) {
                case MISSING -> Reply.IMPOSSIBLE;
                case UNAVAILABLE, CONFLICT -> Reply.UNKNOWN;
                case INVALID, REFUSED, BROKEN -> throw fault;
            };
        }
    }

    private Wish drawn() {
        List<DeploymentId> live = asked.entrySet().stream()
                .filter(entry -> !entry.getValue().withdrawn())
                .map(Map.Entry::getKey)
                .toList();
        if (live.isEmpty() || world.happens(0.4)) {
            return deployed(world.oneOf(devices));
        }
        DeploymentId id = world.oneOf(live);
        Asked present = Objects.requireNonNull(asked.get(id));
        if (world.happens(0.2)) {
            return new Wish(
                    "withdraw " + id,
                    Optional.of(id),
                    on -> on.withdraw(id),
                    () -> write(id, new Asked(present.client(), present.application(), present.pollSeconds(), true)));
        }
        if (world.happens(0.1)) {
            return stood(world.oneOf(devices).client());
        }
        return changed(id, present);
    }

    private Wish deployed(SimulatedDevice device) {
        var id = new DeploymentId(
                new UUID(world.chance().nextLong(), world.chance().nextLong()).toString());
        PackageId application = world.oneOf(packages).id();
        var fresh = new Asked(device.client(), application, seconds(), false);
        String name = application.application() + " " + ++named;
        var wish = new Operations.Deploy(
                Optional.of(id),
                Optional.of(name),
                application,
                device.id(),
                Optional.of(device.client()),
                Optional.empty(),
                fresh.values());
        return new Wish(
                "deploy " + application + " as " + id + " on " + device.client(),
                Optional.of(id),
                on -> on.deploy(wish),
                () -> write(id, fresh));
    }

    /// Few values and versions, so that content often comes back to what it was.
    private Wish changed(DeploymentId id, Asked present) {
        boolean upgrade = world.happens(0.5);
        PackageId application = upgrade
                ? world.oneOf(packages.stream()
                        .map(AppPackage::id)
                        .filter(other ->
                                other.application().equals(present.application().application()))
                        .toList())
                : present.application();
        var next = new Asked(present.client(), application, upgrade ? present.pollSeconds() : seconds(), false);
        return new Wish(
                "change " + id + " to " + application + " polling every " + next.pollSeconds() + " s",
                Optional.of(id),
                on -> on.change(id, Optional.of(application), next.values()),
                () -> write(id, next));
    }

    private int seconds() {
        return 10 * (1 + world.chance().nextInt(3));
    }

    private Wish stood(ClientId client) {
        return retired.contains(client)
                ? new Wish(
                        "approve " + client, Optional.empty(), on -> on.approve(client), () -> retired.remove(client))
                : new Wish("retire " + client, Optional.empty(), on -> on.retire(client), () -> retired.add(client));
    }

    private void write(DeploymentId id, Asked now) {
        asked.put(id, now);
    }
}
