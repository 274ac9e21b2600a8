// SPDX-License-Identifier: Apache-2.0
/// The camera: takes frames of a belt, scores the product on each, and answers with the latest. Start with
/// [CameraMain].
@NullMarked
package dev.gantry.examples.smartcam.camera;

import org.jspecify.annotations.NullMarked;
