// SPDX-License-Identifier: Apache-2.0
/// Tests of the WFM's decisions. `StoreContract` travels in the test jar: every store passes it.
@NullMarked
package dev.gantry.wfm;

import org.jspecify.annotations.NullMarked;
