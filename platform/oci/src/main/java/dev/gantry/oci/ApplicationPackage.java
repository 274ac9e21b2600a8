// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Read;
import dev.gantry.content.Text;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// An application package as it lies in a registry: a manifest whose layers are the files of the package.
///
/// @param digest of the manifest; names this version of the package for ever
/// @param description its bytes and what they say
/// @param files every layer by its path in the package, the description among them
@Requirement({"AD-074", "AD-075", "AD-077"})
public record ApplicationPackage(
        Digest digest, Read<ApplicationDescription> description, SequencedMap<String, Descriptor> files) {
    public static final String ARTIFACT = "application/vnd.margo.app.v1+json";
    public static final String DESCRIPTION = "application/vnd.margo.app.description.v1+yaml";
    public static final String RESOURCE = "org.margo.app.resource";

    /// What the concept pages write instead; accepted when reading (reading A-15).
    private static final Set<String> ARTIFACTS = Set.of(ARTIFACT, "application/vnd.org.margo.app.v1+json");

    private static final String NAME = "margo.yaml";
    private static final int MOST_FILES = 1_000;

    /// Resolves a reference once, and reads the description behind it. The tag must be the description's version
    /// (AD-073, reading A-13); a reference by digest has no tag to compare.
    public static ApplicationPackage fetch(RegistryClient registry, Reference reference) {
        Reference resolved = reference.withDigest(registry.resolve(reference));
        RegistryClient.Fetched fetched = registry.manifest(resolved);
        SequencedMap<String, Descriptor> files = files(fetched.blob(), resolved);
        Descriptor layer = files.values().stream()
                .filter(file -> file.mediaType().equals(DESCRIPTION))
                .findFirst()
                .orElseThrow(() -> Fault.invalid(resolved + " holds no application description (AD-077)"));
        Blob bytes = registry.blob(resolved, layer);
        Read<ApplicationDescription> description = ApplicationDescription.read(bytes);
        Optional<String> tag = reference.digest().isPresent() ? Optional.empty() : reference.tag();
        String version = description.value().metadata().tag();
        tag.filter(name -> !name.equals(version)).ifPresent(name -> {
            throw Fault.invalid(reference + " holds the version " + version + ", which is not its tag (AD-073)");
        });
        return new ApplicationPackage(fetched.digest(), description, files);
    }

    private static SequencedMap<String, Descriptor> files(Blob bytes, Reference reference) {
        Manifest manifest = Manifest.read(bytes).value();
        String type = manifest.artifactType().orElse(manifest.config().mediaType());
        if (!ARTIFACTS.contains(type)) {
            throw Fault.invalid(reference + " is no Margo application package: its artifactType is " + Text.quoted(type)
                    + ", not " + ARTIFACT + " (AD-075)");
        }
        if (manifest.layers().size() > MOST_FILES) {
            throw Fault.invalid(reference + " has more than " + MOST_FILES + " files");
        }
        var files = new LinkedHashMap<String, Descriptor>();
        for (Descriptor layer : manifest.layers()) {
            String name = layer.annotation(OciTypes.TITLE)
                    .or(() -> Optional.of(NAME).filter(_ -> layer.mediaType().equals(DESCRIPTION)))
                    .map(title -> title.startsWith("./") ? title.substring(2) : title)
                    .orElse(layer.digest().hex());
            if (!isSafe(name)) {
                throw Fault.invalid(reference + " has a file that would leave the package: " + Text.quoted(name));
            }
            if (files.put(name, layer) != null) {
                throw Fault.invalid(reference + " has two files named " + Text.quoted(name));
            }
        }
        return files;
    }

    private static boolean isSafe(String name) {
        return !name.startsWith("/")
                && name.chars().noneMatch(c -> c < ' ' || c == '\\')
                && List.of(name.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /// The file that a link of the description's catalog names, `./` in front or not.
    public Optional<Descriptor> file(String link) {
        return Optional.ofNullable(files.get(link.startsWith("./") ? link.substring(2) : link));
    }
}
