// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Finding;
import dev.gantry.content.Read;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Requirement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;

/// What an application is, in which ways it can run, and what users may set: `margo.yaml` of a package.
///
/// Reading collects every broken rule; a description that exists keeps them all. What is legal but unwise is told
/// by
/// [#advice()].
///
/// @param deploymentProfiles in the author's order of preference (reading A-19)
/// @param extensions of the root: for the WFM, never forwarded (AD-066, AD-067)
@Requirement({"AD-001", "AD-002", "AD-009", "AD-056", "AD-057", "AD-061", "AD-064", "AD-065", "AD-066"})
public record ApplicationDescription(
        ApplicationId id,
        Metadata metadata,
        List<DeploymentProfile> deploymentProfiles,
        SequencedMap<String, Parameter> parameters,
        Configuration configuration,
        Extensions extensions) {
    private static final String API_VERSION = "v1";
    private static final String KIND = "ApplicationDescription";

    public ApplicationDescription {
        deploymentProfiles = List.copyOf(deploymentProfiles);
        parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    }

    /// Reads a description; `INVALID` with a finding for each broken rule, or with line and column when it is no
    /// YAML.
    public static Read<ApplicationDescription> read(Blob source) {
        return new Read<>(source, read(Yaml.read(source)));
    }

    /// The same for a document that has been parsed already.
    public static ApplicationDescription read(Tree tree) {
        return Fields.read("the application description", tree, ApplicationDescription::read);
    }

    private static Supplier<ApplicationDescription> read(Fields fields) {
        fields.needText("apiVersion", "AD-001")
                .filter(version -> !version.equals(API_VERSION))
                .ifPresent(version -> fields.wrong("apiVersion", "AD-001", "must be v1, not " + Text.quoted(version)));
        fields.text("kind", "AD-001")
                .filter(kind -> !kind.equals(KIND))
                .ifPresent(_ -> fields.wrong("kind", "AD-001", "may only be " + KIND + ", and is better left out"));
        Optional<ApplicationId> id = fields.need("id", "AD-002", ApplicationId::new);
        Optional<Supplier<Metadata>> metadata =
                fields.needObject("metadata", "AD-003").map(Metadata::read);
        List<Fields> profileFields = fields.needObjects("deploymentProfiles", "AD-009");
        if (profileFields.isEmpty() && fields.tree().get("deploymentProfiles").isPresent()) {
            fields.wrong("deploymentProfiles", "AD-009", "holds no profile");
        }
        List<Supplier<DeploymentProfile>> profiles =
                profileFields.stream().map(DeploymentProfile::read).toList();
        uniqueIds(profileFields);
        Map<String, Fields> parameterFields = fields.map("parameters", "AD-056");
        var parameters = new LinkedHashMap<String, Supplier<Parameter>>();
        parameterFields.forEach((name, parameter) -> parameters.put(name, Parameter.read(parameter)));
        knownComponents(parameterFields, componentNames(fields.tree()));
        Optional<Fields> settings = fields.object("configuration", "AD-061");
        Supplier<Configuration> configuration =
                settings.map(Configuration::read).orElse(() -> Configuration.NONE);
        settings.ifPresent(inner -> knownNames(inner, fields.tree()));
        var extensions = new Extensions(fields.matching(Extensions::isName, "AD-064"));
        fields.closed("AD-064", List.of());
        return () -> {
            var made = new LinkedHashMap<String, Parameter>();
            parameters.forEach((name, parameter) -> made.put(name, parameter.get()));
            return new ApplicationDescription(
                    id.orElseThrow(),
                    metadata.orElseThrow().get(),
                    profiles.stream().map(Supplier::get).toList(),
                    made,
                    configuration.get(),
                    extensions);
        };
    }

    private static void uniqueIds(List<Fields> profiles) {
        var seen = new HashSet<Tree>();
        for (Fields profile : profiles) {
            profile.tree()
                    .get("id")
                    .filter(id -> !seen.add(id))
                    .ifPresent(_ -> profile.wrong("id", "AD-009", "is the id of another profile of this description"));
        }
    }

    private static Set<Tree> componentNames(Tree.Obj root) {
        var names = new HashSet<Tree>();
        for (Tree profile : items(root.get("deploymentProfiles"))) {
            for (Tree component : items(member(profile, "components"))) {
                member(component, "name").ifPresent(names::add);
            }
        }
        return names;
    }

    @Requirement("AD-057")
    private static void knownComponents(Map<String, Fields> parameters, Set<Tree> known) {
        parameters.values().forEach(parameter -> {
            List<Tree> targets = items(parameter.tree().get("targets"));
            for (int t = 0; t < targets.size(); t++) {
                List<Tree> components = items(member(targets.get(t), "components"));
                for (int c = 0; c < components.size(); c++) {
                    if (!known.contains(components.get(c))) {
                        parameter.wrong(
                                "targets[" + t + "].components[" + c + "]",
                                "AD-057",
                                "names a component that no deployment profile has");
                    }
                }
            }
        });
    }

    @Requirement("AD-061")
    private static void knownNames(Fields configuration, Tree.Obj root) {
        Set<String> parameters = root.get("parameters").orElse(Tree.Obj.EMPTY) instanceof Tree.Obj(var members)
                ? members.keySet()
                : Set.of();
        var schemas = new HashSet<Tree>();
        items(configuration.tree().get("schema"))
                .forEach(schema -> member(schema, "name").ifPresent(schemas::add));
        List<Tree> sections = items(configuration.tree().get("sections"));
        for (int s = 0; s < sections.size(); s++) {
            List<Tree> settings = items(member(sections.get(s), "settings"));
            for (int i = 0; i < settings.size(); i++) {
                String at = "sections[" + s + "].settings[" + i + "]";
                member(settings.get(i), "parameter")
                        .filter(name -> !(name instanceof Tree.Str(var text) && parameters.contains(text)))
                        .ifPresent(_ -> configuration.wrong(
                                at + ".parameter", "AD-061", "names no parameter of this description"));
                member(settings.get(i), "schema")
                        .filter(name -> !schemas.contains(name))
                        .ifPresent(_ ->
                                configuration.wrong(at + ".schema", "AD-061", "names no schema of this description"));
            }
        }
    }

    private static List<Tree> items(Optional<Tree> tree) {
        return tree.orElse(Tree.Obj.EMPTY) instanceof Tree.Arr(var items) ? items : List.of();
    }

    private static Optional<Tree> member(Tree tree, String name) {
        return tree instanceof Tree.Obj object ? object.get(name) : Optional.empty();
    }

    /// The profile of this id.
    public Optional<DeploymentProfile> profile(String profileId) {
        return deploymentProfiles.stream()
                .filter(profile -> profile.id().equals(profileId))
                .findFirst();
    }

    /// What an author should do better; nothing here makes a description invalid.
    public List<Finding> advice() {
        return Advice.on(this);
    }

    /// Every component of every profile, by name; a name that stands in several profiles stands here once.
    public SequencedMap<ComponentName, Component> components() {
        var all = new LinkedHashMap<ComponentName, Component>();
        deploymentProfiles.forEach(
                profile -> profile.components().forEach(component -> all.putIfAbsent(component.name(), component)));
        return all;
    }

    /// The findings of [ParameterCheck#value] for each default value, named as in the document.
    List<Finding> defaultsThatDoNotFit() {
        var findings = new ArrayList<Finding>();
        parameters.forEach((name, parameter) -> parameter
                .value()
                .ifPresent(value -> configuration.settings(name).stream()
                        .flatMap(setting -> configuration.schema(setting.schema()).stream())
                        .forEach(schema -> findings.addAll(
                                ParameterCheck.value(schema, "parameters." + name + ".value", Optional.of(value))))));
        return findings;
    }
}
