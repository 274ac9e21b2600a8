// SPDX-License-Identifier: Apache-2.0
/// How a process comes to its SVID and keeps it: enrolment with a token over a pinned connection, renewal, and the
/// trust
/// bundle. Knows nothing of agents; whoever is a principal of the trust domain can use it.
///
/// Read [SvidKeeper] first.
@NullMarked
package dev.gantry.http.svid;

import org.jspecify.annotations.NullMarked;
