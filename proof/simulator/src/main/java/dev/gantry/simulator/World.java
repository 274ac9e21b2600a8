// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Time, chance and what happens next, all from one seed: the same seed gives the same run, in every process. One event
/// happens at a time, time passes between events only, and after each of them everything that must always hold is
/// checked.
public final class World {
    private static final Instant START = Instant.parse("2026-03-02T06:00:00Z");
    private static final int LINES_KEPT = 40;

    private record Event(Instant time, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = time.compareTo(other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private record Invariant(String name, Supplier<Optional<String>> broken) {}

    private final long seed;
    private final RandomGenerator chance;
    private final Consumer<String> lines;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final ArrayDeque<String> last = new ArrayDeque<>();

    private Instant now = START;
    private long scheduled;
    private long happened;

    /// @param lines hears every line of the run
    public World(long seed, Consumer<String> lines) {
        this.seed = seed;
        this.chance = new SplittableRandom(seed);
        this.lines = lines;
    }

    public World(long seed) {
        this(seed, _ -> {});
    }

    public RandomGenerator chance() {
        return chance;
    }

    /// Whether something happens that happens in this share of all cases.
    public boolean happens(double share) {
        return share > 0 && chance.nextDouble() < share;
    }

    /// One of these, all equally likely.
    public <T> T oneOf(List<T> choices) {
        return choices.get(chance.nextInt(choices.size()));
    }

    /// A time span from `least` up to `most` seconds.
    public Duration seconds(int least, int most) {
        return Duration.ofMillis(1000L * least + chance.nextLong(1000L * (most - least) + 1));
    }

    public Instant now() {
        return now;
    }

    /// The clock that nobody turns.
    public InstantSource clock() {
        return () -> now;
    }

    /// How many events there were.
    public long happened() {
        return happened;
    }

    /// How long the run has lasted in the time of the simulation.
    public Duration elapsed() {
        return Duration.between(START, now);
    }

    /// Lets something happen later; what is due at one time happens in the order in which it was asked for.
    public void after(Duration wait, Runnable action) {
        events.add(new Event(now.plus(wait), scheduled++, action));
    }

    /// Writes a line of the run.
    public void note(String who, String what) {
        Duration passed = elapsed();
        var line = new StringBuilder(who.length() + what.length() + 24);
        two(line, passed.toHours()).append(':');
        two(line, passed.toMinutesPart()).append(':');
        two(line, passed.toSecondsPart()).append('.');
        int millis = passed.toMillisPart();
        line.append(millis < 100 ? "0" : "").append(millis < 10 ? "0" : "").append(millis);
        line.append("  ")
                .append(who)
                .repeat(' ', Math.max(1, 11 - who.length()))
                .append(what);
        String text = line.toString();
        if (last.size() == LINES_KEPT) {
            last.removeFirst();
        }
        last.addLast(text);
        lines.accept(text);
    }

    private static StringBuilder two(StringBuilder line, long number) {
        return line.append(number < 10 ? "0" : "").append(number);
    }

    /// Something that must hold after every event.
    ///
    /// @param broken says what is wrong; empty while it holds
    public void always(String invariant, Supplier<Optional<String>> broken) {
        invariants.add(new Invariant(invariant, broken));
    }

    /// Lets events happen until something is true.
    ///
    /// @param missing says what is not yet as it should be; empty once everything is
    /// @throws Violation when it does not become true within the limit, or an invariant breaks before
    public void runUntil(String goal, Supplier<Optional<String>> missing, Limit limit) {
        Instant end = now.plus(limit.time());
        Optional<String> open = missing.get();
        for (int i = 0; open.isPresent(); i++) {
            if (i == limit.events() || now.isAfter(end)) {
                String late = open.get() + ", and " + i + " events in " + limit.time() + " did not change that";
                throw violated(goal, late, new IllegalStateException("never"));
            }
            next(goal);
            open = missing.get();
        }
    }

    private void next(String goal) {
        Event event = events.poll();
        if (event == null) {
            throw violated(goal, "nothing happens any more", new IllegalStateException("at rest"));
        }
        now = event.time();
        happened++;
        try {
            event.action().run();
        } catch (RuntimeException e) {
            throw violated("nothingFailsUnexpectedly", String.valueOf(e), e);
        }
        for (Invariant invariant : invariants) {
            Optional<String> broken = invariant.broken().get();
            if (broken.isPresent()) {
                throw violated(invariant.name(), broken.get(), new IllegalStateException("broken"));
            }
        }
    }

    private Violation violated(String invariant, String what, Throwable cause) {
        return new Violation(seed, invariant, what, List.copyOf(last), cause);
    }
}
