// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.Journal;
import dev.gantry.agent.Memory;
import dev.gantry.agent.Memory.Accepted;
import dev.gantry.spec.ManifestVersion;
import java.util.Optional;

/// Stands between an agent and its journal and remembers, across power cuts, how far the agent has come.
final class WatchedJournal implements Journal {
    private final History history;
    private final Journal journal;

    /// What was seen on one device.
    static final class History {
        private Optional<ManifestVersion> highest = Optional.empty();
        private Optional<Accepted> accepted = Optional.empty();
        private Optional<String> regress = Optional.empty();

        private void see(Memory memory) {
            accepted = memory.accepted();
            Optional<ManifestVersion> version = accepted.map(Accepted::version);
            if (highest.isPresent()
                    && version.filter(now -> !highest.get().isAfter(now)).isEmpty()) {
                regress = Optional.of("from version " + highest.get() + " to "
                        + version.map(ManifestVersion::toString).orElse("none"));
            }
            highest = version.or(() -> highest);
        }

        Optional<Accepted> accepted() {
            return accepted;
        }

        /// When an accepted version went back: from where to where.
        Optional<String> regress() {
            return regress;
        }
    }

    WatchedJournal(History history, Journal journal) {
        this.history = history;
        this.journal = journal;
    }

    @Override
    public Memory load() {
        Memory memory = journal.load();
        history.see(memory);
        return memory;
    }

    @Override
    public void save(Memory memory) {
        journal.save(memory);
        history.see(memory);
    }
}
