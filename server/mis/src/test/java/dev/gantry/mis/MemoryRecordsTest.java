// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

class MemoryRecordsTest extends RecordsContract {
    @Override
    Records fresh() {
        return new MemoryRecords(State.fresh(FACTORY));
    }
}
