// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.gantry.wfm.server.store;

import org.jspecify.annotations.NullMarked;
