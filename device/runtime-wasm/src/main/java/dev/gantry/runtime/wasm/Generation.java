// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.Observed.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The life of one revision of a workload: started, watched, started again, given up.
///
/// ```
///            start                Started (and heartbeat)
///   IDLE ───────────► STARTING ─────────────────────────► RUNNING
///                        ▲   │ ended                         │ ended
///                 pause  │   ▼                               ▼
///                    BACKING_OFF ◄──────────── Restarts.after ──► COMPLETED, FAILED
/// ```
///
/// Every method is called with the runtime's lock held; events of instances arrive on other threads and take it.
final class Generation {
    /// A line on standard output that begins with this is a sign of life and no part of the log.
    static final String HEARTBEAT = "#heartbeat";

    private enum Phase {
        IDLE,
        STARTING,
        RUNNING,
        BACKING_OFF,
        COMPLETED,
        FAILED
    }

    /// What a generation may use.
    interface World {
        Instant now();

        /// Runs something later with the runtime's lock held; exceptions end nothing else.
        void later(Duration pause, Runnable task);

        /// The lock that is held around everything here.
        Object lock();

        Carrier carrier();
    }

    /// Who wants to know.
    interface Owner {
        /// It has run long enough, or has done its work: it can be relied upon.
        void proven(Generation generation);

        /// It has done its work and is not started again.
        void completed(Generation generation);

        /// It ended badly, whether it will be started again or not.
        void fell(Generation generation, Event.Ended ended);

        void line(boolean error, String text);
    }

    private final Order order;
    private final Plan plan;
    private final Launch launch;
    private final Duration trial;
    private final World world;
    private final Owner owner;
    private final Tally tally;
    private final List<Instant> restarts = new ArrayList<>();
    private final List<Runnable> whenGone = new ArrayList<>();

    private Phase phase = Phase.IDLE;
    private Condition failure = new Condition.Starting();
    private int attempt;
    private boolean alive;
    private boolean stopping;
    private boolean proven;
    private Carrier.@Nullable Carried carried;
    private Instant lastSign = Instant.EPOCH;
    private Event.@Nullable Ended discardedAs;

    /// What a generation is made of.
    record Recipe(Order order, Plan plan, Launch launch, Duration trial) {}

    Generation(Recipe recipe, World world, Owner owner, Tally tally) {
        order = recipe.order;
        plan = recipe.plan;
        launch = recipe.launch;
        trial = recipe.trial;
        this.world = world;
        this.owner = owner;
        this.tally = tally;
    }

    Order order() {
        return order;
    }

    Plan plan() {
        return plan;
    }

    /// As `running()` tells it.
    Condition condition() {
        return switch (phase) {
            case IDLE, STARTING, BACKING_OFF -> proven ? new Condition.Running() : new Condition.Starting();
            case RUNNING, COMPLETED -> new Condition.Running();
            case FAILED -> failure;
        };
    }

    /// It ended by itself, well, in an earlier life of the agent.
    void wasCompleted() {
        phase = Phase.COMPLETED;
        proven = true;
    }

    boolean completed() {
        return phase == Phase.COMPLETED;
    }

    /// It neither runs nor is about to.
    boolean idle() {
        return phase == Phase.IDLE && !alive;
    }

    boolean failed() {
        return phase == Phase.FAILED;
    }

    void start() {
        int mine = ++attempt;
        stopping = false;
        discardedAs = null;
        phase = Phase.STARTING;
        alive = true;
        tally.started();
        carried = world.carrier().start(launch, event -> {
            if (event instanceof Event.Line(boolean error, String text) && !text.startsWith(HEARTBEAT)) {
                owner.line(error, text);
            } else {
                synchronized (world.lock()) {
                    on(mine, event);
                }
            }
        });
        Plan.Supervision watch = plan.supervision();
        plan.limits()
                .deadline()
                .ifPresent(deadline -> world.later(
                        deadline,
                        () -> discardUnlessStarted(
                                mine, new Event.Ended(Codes.DEADLINE, "was not set up in " + shown(deadline)))));
        world.later(
                watch.startWithin(),
                () -> discardUnlessStarted(
                        mine,
                        new Event.Ended(Codes.START_TIMEOUT, "did not start within " + shown(watch.startWithin()))));
    }

    private static String shown(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private void discardUnlessStarted(int of, Event.Ended as) {
        if (of == attempt && alive && phase == Phase.STARTING) {
            discard(as);
        }
    }

    private void discard(Event.Ended as) {
        discardedAs = as;
        if (carried != null) {
            carried.kill();
        }
    }

    private void on(int of, Event event) {
        if (of != attempt) {
            return;
        }
        switch (event) {
            case Event.Started _ -> {
                if (plan.supervision().heartbeat().isEmpty()) {
                    runs(of);
                }
            }
            case Event.Line _ -> {
                lastSign = world.now();
                if (phase == Phase.STARTING && plan.supervision().heartbeat().isPresent()) {
                    runs(of);
                }
            }
            case Event.Denied(String grant, int times) -> tally.denied(grant, times);
            case Event.Dropped(int lines) -> tally.dropped(lines);
            case Event.Ended ended -> {
                alive = false;
                ended(Optional.ofNullable(discardedAs).orElse(ended));
            }
        }
    }

    private void runs(int of) {
        phase = Phase.RUNNING;
        lastSign = world.now();
        world.later(trial, () -> {
            if (of == attempt && phase == Phase.RUNNING) {
                prove();
            }
        });
        plan.supervision().heartbeat().ifPresent(every -> listen(of, every));
    }

    private void prove() {
        if (!proven) {
            proven = true;
            owner.proven(this);
        }
    }

    /// Two missed signs of life end an instance.
    private void listen(int of, Duration every) {
        world.later(every, () -> {
            if (of != attempt || !alive || phase != Phase.RUNNING) {
                return;
            }
            if (lastSign.plus(every.multipliedBy(2)).isBefore(world.now())) {
                discard(new Event.Ended(Codes.UNHEALTHY, "gave no sign of life for " + shown(every.multipliedBy(2))));
            } else {
                listen(of, every);
            }
        });
    }

    private void ended(Event.Ended ended) {
        if (stopping) {
            phase = Phase.IDLE;
            gone();
            return;
        }
        Restarts.Next next = Restarts.after(ended, plan.supervision().restart(), restarts, world.now());
        switch (next) {
            case Restarts.Next.Done _ -> {
                phase = Phase.COMPLETED;
                prove();
                owner.completed(this);
            }
            case Restarts.Next.Again(Duration pause) -> {
                phase = Phase.BACKING_OFF;
                int mine = attempt;
                restarts.removeIf(time -> time.isBefore(
                        world.now().minus(plan.supervision().restart().within())));
                restarts.add(world.now());
                world.later(pause, () -> {
                    if (mine == attempt && phase == Phase.BACKING_OFF) {
                        start();
                    }
                });
            }
            case Restarts.Next.GiveUp(String code, String message) -> {
                phase = Phase.FAILED;
                failure = new Condition.Failed(code, plan.module() + " " + message);
            }
        }
        if (!ended.well()) {
            tally.fell(ended.code());
            owner.fell(this, ended);
        }
    }

    /// Ends it, gently at first.
    ///
    /// @param then when nothing of it runs any more
    void stop(Runnable then) {
        whenGone.add(then);
        phase = phase == Phase.FAILED || phase == Phase.COMPLETED ? phase : Phase.IDLE;
        if (!alive) {
            attempt++;
            gone();
            return;
        }
        if (!stopping && carried != null) {
            stopping = true;
            int mine = attempt;
            carried.stop();
            world.later(plan.supervision().grace(), () -> {
                if (mine == attempt && alive && carried != null) {
                    carried.kill();
                }
            });
        }
    }

    /// Ends it now, whatever it does.
    void kill() {
        stopping = true;
        if (alive && carried != null) {
            carried.kill();
        }
    }

    private void gone() {
        var tasks = List.copyOf(whenGone);
        whenGone.clear();
        tasks.forEach(Runnable::run);
    }
}
