// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Finding;
import dev.gantry.spec.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the standard says an author SHOULD do, and what its readings warn of.
@Requirement({"AD-007", "AD-008", "AD-021"})
final class Advice {
    private static final Set<String> MARKDOWN = Set.of("md", "markdown");
    private static final Set<String> LICENCES = Set.of("txt", "md", "markdown", "pdf");
    private static final Set<String> NOTES = Set.of("md", "markdown", "pdf");

    private final ApplicationDescription description;
    private final List<Finding> findings = new ArrayList<>();

    private Advice(ApplicationDescription description) {
        this.description = description;
    }

    static List<Finding> on(ApplicationDescription description) {
        var advice = new Advice(description);
        advice.files();
        advice.constraints();
        advice.types();
        advice.findings.addAll(description.defaultsThatDoNotFit());
        return List.copyOf(advice.findings);
    }

    private void files() {
        Metadata.Listing listing = description.metadata().catalog().application();
        file(listing.descriptionFile(), "descriptionFile", "AD-007", MARKDOWN, "should be Markdown");
        file(listing.licenseFile(), "licenseFile", "AD-008", LICENCES, "should be plain text, Markdown or PDF");
        file(listing.releaseNotes(), "releaseNotes", "AD-008", NOTES, "should be Markdown or PDF");
    }

    private void file(Optional<String> link, String member, String rule, Set<String> endings, String message) {
        link.map(name -> name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                .filter(ending -> !endings.contains(ending))
                .ifPresent(_ -> findings.add(new Finding("metadata.catalog.application." + member, rule, message)));
    }

    private void constraints() {
        for (int p = 0; p < description.deploymentProfiles().size(); p++) {
            DeviceConstraints constraints =
                    description.deploymentProfiles().get(p).constraints();
            String at = "deploymentProfiles[" + p + "].deviceConstraints.eligibilityRules";
            if (constraints.rules().isEmpty()
                    && constraints.source().get("eligibilityRules").isPresent()) {
                findings.add(new Finding(at, "AD-037", "is empty, which is read as if it were not there (A-09)"));
            }
            for (int r = 0; r < constraints.rules().size(); r++) {
                DeviceConstraints.Rule rule = constraints.rules().get(r);
                if (rule.properties().isEmpty() && rule.labels().isEmpty()) {
                    findings.add(
                            new Finding(at + "[" + r + "]", "AD-036", "has no selector, so every device fits (A-09)"));
                }
            }
        }
    }

    private void types() {
        List<String> types = description.deploymentProfiles().stream()
                .map(DeploymentProfile::type)
                .toList();
        if (types.contains("helm") != types.contains("compose")) {
            findings.add(new Finding("deploymentProfiles", "AD-021", "should offer both a helm and a compose profile"));
        }
    }
}
