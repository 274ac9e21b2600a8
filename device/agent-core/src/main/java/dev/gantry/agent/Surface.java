// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.Matching;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Everything on the device that the agent touches.
public final class Surface {
    private final Journal journal;
    private final Blobs documents;
    private final Artifacts artifacts;
    private final List<Runtime> runtimes;
    private final Blob report;
    private final Capabilities capabilities;

    /// @param journal the agent's memory
    /// @param documents the bytes of deployments, by digest
    /// @param artifacts of components
    /// @param runtimes that were found on this device
    /// @param profile what this device is
    public Surface(
            Journal journal, Blobs documents, Artifacts artifacts, List<Runtime> runtimes, DeviceProfile profile) {
        this.journal = journal;
        this.documents = documents;
        this.artifacts = artifacts;
        this.runtimes = List.copyOf(runtimes);
        this.report = profile.capabilities(runtimes);
        this.capabilities = Capabilities.read(report).value();
    }

    Journal journal() {
        return journal;
    }

    Blobs documents() {
        return documents;
    }

    Artifacts artifacts() {
        return artifacts;
    }

    DeviceId device() {
        return capabilities.id();
    }

    /// The capabilities as they are reported, exactly these bytes.
    Blob capabilities() {
        return report;
    }

    List<Observed> running() {
        return runtimes.stream().flatMap(runtime -> runtime.running().stream()).toList();
    }

    void ensure(String type, Workload workload) throws WorkloadException {
        serving(type)
                .orElseThrow(() -> new WorkloadException("DEPLOYMENT_TYPE_UNSUPPORTED", unserved(type), true, null))
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
        return runtimes.stream()
                .filter(runtime -> runtime.deploymentType().equals(type))
                .findFirst();
    }

    private static String unserved(String type) {
        return "no runtime of this device serves the type " + type;
    }

    /// What stands against a deployment on this device: another device's name, a type that no runtime serves, and
    /// the
    /// eligibility rules, which a device evaluates itself before it installs (MI-102, reading D-12).
    @Requirement({"MI-102", "DP-014"})
    Optional<Situation.Obstacle> obstacle(ApplicationDeployment deployment) {
        String target = deployment.metadata().target().value();
        if (!target.equals(device().value())) {
            return Optional.of(
                    new Situation.Obstacle("UNKNOWN_DEVICE", "this device is " + device() + ", not " + target));
        }
        String type = deployment.profile().type();
        if (serving(type).isEmpty()) {
            return Optional.of(new Situation.Obstacle("DEPLOYMENT_TYPE_UNSUPPORTED", unserved(type)));
        }
        var reported = new Matching.Device(capabilities.properties(), capabilities.labels());
        return switch (Matching.rules(deployment.profile().constraints(), reported)) {
            case Matching.Answer.Eligible _ -> Optional.empty();
            case Matching.Answer.NotEligible(var reasons) ->
                Optional.of(new Situation.Obstacle(
                        "NOT_ELIGIBLE",
                        reasons.stream().map(Matching.Reason::toString).collect(Collectors.joining("; "))));
        };
    }
}
