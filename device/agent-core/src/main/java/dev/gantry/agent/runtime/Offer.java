// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import dev.gantry.content.Tree;
import java.util.Map;

/// What a runtime adds to the device's capabilities.
///
/// @param runtime for `supportedRuntimes`: `oci` or `custom`
/// @param deploymentType for `supportedDeploymentTypes`
/// @param labels by which applications can select this device (DV-021)
/// @param extension for the member of `x-gantry-extensions` with this runtime's name; may be empty
public record Offer(String runtime, String deploymentType, Map<String, Tree> labels, Tree.Obj extension) {
    public Offer {
        labels = Map.copyOf(labels);
    }
}
