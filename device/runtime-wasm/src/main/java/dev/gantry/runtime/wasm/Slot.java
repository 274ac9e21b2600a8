// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One workload with the revision that runs and the one that is to follow it (webassembly §12).
///
/// A new revision is tried beside the old one, or after it when both write to one volume. Proven, it takes over; when
/// it fails, it is dropped and the old one continues. A revision that falls shortly after it took over gives way too.
/// What is
/// on disk always tells which of them to start after a power cut.
final class Slot implements Generation.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    /// Makes generations of kept orders.
    interface Maker {
        Generation make(Order order, Slot slot);
    }

    private final Home home;
    private final Generation.World world;
    private final Maker maker;
    private final LogRing log;
    private final Tally tally = new Tally();

    private @Nullable Generation current;
    private @Nullable Generation trial;
    private @Nullable Generation previous;
    private Optional<Home.Failure> failed = Optional.empty();
    private boolean removing;

    Slot(Home home, LogRing log, Generation.World world, Maker maker) {
        this.home = home;
        this.log = log;
        this.world = world;
        this.maker = maker;
    }

    Home home() {
        return home;
    }

    Tally tally() {
        return tally;
    }

    LogRing log() {
        return log;
    }

    boolean removing() {
        return removing;
    }

    /// As the disk says, after a restart of the agent.
    void resume(Order kept, Optional<Order> next) {
        failed = home.failed();
        Generation generation = maker.make(kept, this);
        current = generation;
        if (home.completed(kept.revision())) {
            generation.wasCompleted();
        } else {
            generation.start();
        }
        next.ifPresent(order -> tryOut(maker.make(order, this), generation));
    }

    /// The revision that was asked for last.
    Optional<Digest> asked() {
        return Stream.of(Optional.ofNullable(trial), Optional.ofNullable(current))
                .flatMap(Optional::stream)
                .findFirst()
                .map(generation -> generation.order().revision())
                .filter(revision -> failed.isEmpty())
                .or(() -> failed.map(Home.Failure::revision));
    }

    /// Turns to another revision. The generation is made and checked already; nothing here refuses.
    void turnTo(Generation wanted) {
        Generation old = current;
        dropTrial();
        failed = Optional.empty();
        if (old == null || old.failed()) {
            home.keepCurrent(wanted.order());
            home.forgetFailed();
            current = wanted;
            forget(old);
            if (old == null) {
                wanted.start();
            } else {
                old.stop(wanted::start);
            }
        } else if (old.order().revision().equals(wanted.order().revision())) {
            home.keepCurrent(old.order());
            home.forgetFailed();
        } else {
            home.keepNext(wanted.order());
            tryOut(wanted, old);
        }
    }

    private void tryOut(Generation wanted, Generation old) {
        trial = wanted;
        if (wanted.plan().sharesVolumeWith(old.plan())) {
            old.stop(() -> {
                if (trial == wanted) {
                    wanted.start();
                }
            });
        } else {
            wanted.start();
        }
    }

    private void dropTrial() {
        if (trial != null) {
            trial.stop(() -> {});
            trial = null;
        }
    }

    private void forget(@Nullable Generation old) {
        if (previous != null && previous != old) {
            previous.stop(() -> {});
        }
        previous = null;
    }

    @Override
    public void proven(Generation generation) {
        if (generation != trial || removing) {
            return;
        }
        Generation old = current;
        home.keepCurrent(generation.order());
        current = generation;
        trial = null;
        previous = old;
        if (old != null) {
            old.stop(() -> {});
        }
        world.later(generation.plan().supervision().startWithin(), () -> {
            if (previous == old) {
                previous = null;
            }
        });
        LOG.atInfo()
                .addKeyValue("workload", home.id())
                .addKeyValue("revision", generation.order().revision())
                .log("new revision took over");
    }

    @Override
    public void completed(Generation generation) {
        if (generation == current && !removing) {
            home.keepCompleted(generation.order().revision());
        }
    }

    @Override
    public void fell(Generation generation, Event.Ended ended) {
        LOG.atWarn()
                .addKeyValue("workload", home.id())
                .addKeyValue("code", ended.code())
                .log("instance ended badly");
        if (removing) {
            return;
        }
        if (generation == trial) {
            trial = null;
            giveWay(generation, current, ended);
        } else if (generation == current && previous != null) {
            Generation old = previous;
            previous = null;
            home.keepCurrent(old.order());
            current = old;
            giveWay(generation, old, ended);
        }
    }

    /// The old revision goes on, or starts again where it had to make room.
    private void giveWay(Generation fallen, @Nullable Generation old, Event.Ended ended) {
        String continues = old == null
                ? ""
                : "; previous revision " + old.order().revision().hex().substring(0, 12) + " continues";
        var failure = new Home.Failure(
                fallen.order().revision(), ended.code(), fallen.plan().module() + " " + ended.message() + continues);
        home.keepFailed(failure);
        failed = Optional.of(failure);
        fallen.stop(() -> {
            if (old != null && old == current && old.idle() && !removing) {
                old.start();
            }
        });
    }

    @Override
    public void line(boolean error, String text) {
        log.add(error, text);
    }

    /// Stops everything and removes what is left, volumes that are to be kept excepted.
    ///
    /// @param then when nothing is left
    void remove(Runnable then) {
        if (removing) {
            return;
        }
        removing = true;
        home.keepRemoving();
        Set<String> kept = Optional.ofNullable(current).stream()
                .flatMap(generation -> generation.plan().volumes().entrySet().stream())
                .filter(volume -> volume.getValue().keep())
                .map(volume -> volume.getKey())
                .collect(Collectors.toSet());
        List<Generation> rest = new ArrayList<>(all());
        if (rest.isEmpty()) {
            finish(kept, then);
            return;
        }
        for (Generation generation : List.copyOf(rest)) {
            generation.stop(() -> {
                rest.remove(generation);
                if (rest.isEmpty()) {
                    finish(kept, then);
                }
            });
        }
    }

    private void finish(Set<String> kept, Runnable then) {
        home.delete(kept.stream()
                .filter(name -> java.nio.file.Files.exists(home.volume(name)))
                .collect(Collectors.toSet()));
        then.run();
    }

    private List<Generation> all() {
        return Stream.of(Optional.ofNullable(current), Optional.ofNullable(trial), Optional.ofNullable(previous))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /// Modules that must stay on disk for it.
    Set<Digest> modules() {
        return all().stream().map(generation -> generation.order().module()).collect(Collectors.toSet());
    }

    Optional<Observed> observed() {
        Generation now = current;
        if (now == null) {
            return Optional.empty();
        }
        if (removing) {
            return Optional.of(new Observed(home.id(), now.order().revision(), new Condition.Stopping()));
        }
        if (failed.isPresent()) {
            Home.Failure failure = failed.orElseThrow();
            return Optional.of(new Observed(
                    home.id(), failure.revision(), new Condition.Failed(failure.code(), failure.message())));
        }
        Generation shown = Optional.ofNullable(trial).orElse(now);
        Condition condition = shown == trial ? new Condition.Starting() : shown.condition();
        return Optional.of(new Observed(home.id(), shown.order().revision(), condition));
    }

    /// Ends everything at once, when the agent goes.
    void kill() {
        all().forEach(Generation::kill);
    }
}
