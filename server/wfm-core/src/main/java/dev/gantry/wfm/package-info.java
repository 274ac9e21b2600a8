// SPDX-License-Identifier: Apache-2.0
/// The decisions of a Workload Fleet Manager. It knows no socket, no database and no clock of its own.
///
/// Start with [Fleet]: everything the WFM knows, in memory, one [ClientView] for each management client. A decision
/// reads
/// a view and returns [Change]s; [Store] makes them durable; only then does the view move. [DeviceApi] is what
/// clients
/// see of it, [Operations] what operators do with it.
@NullMarked
package dev.gantry.wfm;

import org.jspecify.annotations.NullMarked;
