// SPDX-License-Identifier: Apache-2.0
/// The fleet in a database: the WFM's memory across restarts. The tables are in `db/wfm`.
///
/// Start with [SqlStore]. `Writing` turns changes into rows inside one unit of work, `Reading` turns rows into
/// views again. Documents are kept as the bytes that came, each once, by digest.
@NullMarked
package dev.gantry.wfm.server.store;

import org.jspecify.annotations.NullMarked;
