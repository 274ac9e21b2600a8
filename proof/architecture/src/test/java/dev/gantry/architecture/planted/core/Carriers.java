// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture.planted.core;

import dev.gantry.spec.Requirement;

/// Carries ids in every place that can have one.
@Requirement("MI-001")
@SuppressWarnings("all")
public class Carriers {
    /// An id that no list has; only this class may carry it.
    public static final String UNLISTED = "MI-999";

    @Requirement("MI-002")
    int field;

    @Requirement("MI-002")
    Carriers() {}

    @Requirement(UNLISTED)
    void method() {}
}
