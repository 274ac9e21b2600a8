// SPDX-License-Identifier: Apache-2.0
/// What came of all tests, in a few lines at the end of a build: [TestReport].
@NullMarked
package dev.gantry.testkit.report;

import org.jspecify.annotations.NullMarked;
