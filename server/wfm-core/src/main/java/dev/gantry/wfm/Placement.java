// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.spec.Capabilities;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.spec.application.DeploymentProfile;
import dev.gantry.spec.application.Matching;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which profile of an application a device runs: the first in the author's order for which it is eligible,
/// unless the
/// operator names one (reading A-19).
public final class Placement {
    private Placement() {}

    /// The answer.
    public sealed interface Answer {
        /// This profile.
        record Placed(DeploymentProfile profile) implements Answer {}

        /// None, for these reasons, profile by profile.
        record Unplaceable(List<String> reasons) implements Answer {
            public Unplaceable {
                reasons = List.copyOf(reasons);
            }
        }
    }

    /// Chooses. Pure.
    @Requirement({"AD-020", "AD-026", "AD-027", "AD-028", "AD-029", "AD-030"})
    public static Answer choose(ApplicationDescription application, Capabilities device, Optional<String> profileId) {
        var reasons = new ArrayList<String>();
        var reported = new Matching.Device(device.properties(), device.labels());
        for (DeploymentProfile profile : application.deploymentProfiles()) {
            if (profileId.filter(id -> !id.equals(profile.id())).isPresent()) {
                continue;
            }
            switch (Matching.match(profile, reported)) {
                case Matching.Answer.Eligible _ -> {
                    return new Answer.Placed(profile);
                }
                case Matching.Answer.NotEligible(var why) ->
                    why.forEach(reason -> reasons.add("profile " + profile.id() + ": " + reason));
            }
        }
        if (reasons.isEmpty()) {
            reasons.add("the application has no profile " + profileId.orElse(""));
        }
        return new Answer.Unplaceable(reasons);
    }
}
