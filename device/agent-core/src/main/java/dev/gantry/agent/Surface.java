// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.spec.ApplicationDeployment;
import dev.gantry.spec.DeviceId;
import java.util.List;
import java.util.Optional;

/// Everything on the device that the agent touches.
///
/// @param journal the agent's memory
/// @param documents the bytes of deployments, by digest
/// @param artifacts of components
/// @param runtimes that were found on this device
/// @param profile what this device is
public record Surface(Journal journal, Blobs documents, Artifacts artifacts, List<Runtime> runtimes, DeviceProfile profile) {
    public Surface {
        runtimes = List.copyOf(runtimes);
    }

    DeviceId device() {
        return profile.id();
    }

    /// The capabilities as they are reported, exactly these bytes.
    Blob capabilities() {
        return profile.capabilities(runtimes);
    }

    List<Observed> running() {
        return runtimes.stream().flatMap(runtime -> runtime.running().stream()).toList();
    }

    void ensure(String type, Workload workload) throws WorkloadException {
        serving(type)
                .orElseThrow(() -> new WorkloadException(
                        "DEPLOYMENT_TYPE_UNSUPPORTED", "no runtime of this device serves the type " + type, true, null))
                .ensure(workload);
    }

    void remove(WorkloadId id) throws WorkloadException {
        for (Runtime runtime : runtimes) {
            if (runtime.running().stream().anyMatch(observed -> observed.id().equals(id))) {
                runtime.remove(id);
            }
        }
    }

    private Optional<Runtime> serving(String type) {
        return runtimes.stream().filter(runtime -> runtime.deploymentType().equals(type)).findFirst();
    }

    Situation.Obstacles obstacles() {
        return this::obstacle;
    }

    private Optional<Situation.Obstacle> obstacle(
            ApplicationDeployment deployment, ApplicationDeployment.Component component) {
        String type = deployment.profile().type();
        if (!deployment.metadata().target().value().equals(device().value())) {
            return Optional.of(new Situation.Obstacle(
                    "UNKNOWN_DEVICE", "this device is " + device() + ", not " + deployment.metadata().target().value()));
        }
        return serving(type).isPresent()
                ? Optional.empty()
                : Optional.of(new Situation.Obstacle(
                        "DEPLOYMENT_TYPE_UNSUPPORTED", "no runtime of this device serves the type " + type));
    }
}
