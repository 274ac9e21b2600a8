// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import java.time.Duration;

/// What a database may use.
///
/// @param queuedUnits units of work that wait to be committed; one more is `UNAVAILABLE`
/// @param unitsPerCommit units that share one transaction, and so one write to the disk
/// @param readers connections for reading
/// @param patience how long a reader waits for a connection, and a statement for another process
/// @param pages of the database file, 4 KiB each; a file that would grow beyond is full
/// @param cacheBytes of pages that the writer keeps in memory
public record DatabaseLimits(
        int queuedUnits, int unitsPerCommit, int readers, Duration patience, int pages, int cacheBytes) {
    public static final DatabaseLimits DEFAULT =
            new DatabaseLimits(8_192, 256, 4, Duration.ofSeconds(10), Integer.MAX_VALUE - 1, 32 << 20);

    public DatabaseLimits {
        if (queuedUnits < 1 || unitsPerCommit < 1 || readers < 1 || patience.isNegative() || pages < 1) {
            throw new IllegalArgumentException("limits of a database are positive");
        }
    }
}
