// SPDX-License-Identifier: Apache-2.0
/// Assembles the services' container images from a trimmed Java runtime, the libraries it needs and our classes,
/// without a base image and without a container engine. Start with [SmartCamImages].
@NullMarked
package dev.gantry.examples.smartcam.images;

import org.jspecify.annotations.NullMarked;
