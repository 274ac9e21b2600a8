// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import java.util.concurrent.atomic.AtomicReference;

/// Records that a restart forgets, for tests and simulation.
final class MemoryRecords implements Records {
    private final AtomicReference<State> state;

    MemoryRecords(State first) {
        state = new AtomicReference<>(first);
    }

    @Override
    public State state() {
        return state.get();
    }

    @Override
    public boolean replace(State from, State to) {
        return state.compareAndSet(from, to);
    }
}
