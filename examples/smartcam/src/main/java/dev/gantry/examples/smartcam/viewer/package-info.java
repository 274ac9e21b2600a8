// SPDX-License-Identifier: Apache-2.0
/// The viewer: asks the camera again and again and shows the latest score on a page. Start with [ViewerMain].
@NullMarked
package dev.gantry.examples.smartcam.viewer;

import org.jspecify.annotations.NullMarked;
