// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server.store;

import dev.gantry.spec.ClientId;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Store;
import dev.gantry.wfm.StoreContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract over a file that is closed and opened again wherever the contract says so.
class SqlStoreTest extends StoreContract {
    @TempDir
    Path folder;

    private @Nullable SqlStore now;

    @AfterEach
    void close() {
        if (now != null) {
            now.close();
        }
    }

    /// One process has the file at a time, so that whoever had the store goes on with the one that was opened
    /// last.
    @Override
    protected Store opened() {
        close();
        now = SqlStore.open(folder.resolve("wfm.db"));
        return new Newest();
    }

    private final class Newest implements Store {
        @Override
        public Snapshot load() {
            return now.load();
        }

        @Override
        public Optional<ClientView> client(ClientId id) {
            return now.client(id);
        }

        @Override
        public void commit(List<Change> changes) {
            now.commit(changes);
        }
    }
}
