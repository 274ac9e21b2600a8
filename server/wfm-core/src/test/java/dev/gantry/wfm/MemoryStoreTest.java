// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

class MemoryStoreTest extends StoreContract {
    private final MemoryStore store = new MemoryStore();

    @Override
    protected Store opened() {
        return store;
    }
}
