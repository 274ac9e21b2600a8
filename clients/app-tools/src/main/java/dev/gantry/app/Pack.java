// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Archive;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.oci.ApplicationPackage;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.Manifest;
import dev.gantry.oci.OciTypes;
import dev.gantry.oci.Reference;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.spec.application.Component;
import dev.gantry.spec.application.DeploymentProfile;
import dev.gantry.spec.application.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/// Makes an OCI image layout of an application folder: each component that has its sources there, then the package.
/// Manifests are named by their whole references. Equal sources give equal bytes. A folder that does not lint is not
/// packed, and a layout is there whole or not at all.
@Requirement({
    "AD-073", "AD-074", "AD-075", "AD-076", "AD-077", "AD-078", "AD-079", "AD-085", "AD-086", "AD-087", "AD-088"
})
public final class Pack {
    private static final String COMPOSE_ARTIFACT = "application/vnd.org.margo.component.compose+json";
    private static final String COMPOSE_LAYER = "application/vnd.org.margo.component.compose.tar+gzip";
    private static final String COMPONENT_TYPE = "org.margo.component.type";
    private static final String COMPONENT_VERSION = "org.margo.component.version";

    /// Where what is packed will lie.
    ///
    /// @param registry host and port, which stand for `REGISTRY` in the sources
    /// @param repository of the package itself; its id when empty
    public record Target(String registry, Optional<String> repository) {}

    /// One manifest that was packed.
    public record Packed(Reference reference, Digest digest) {}

    private final ApplicationFolder sources;
    private final Target target;
    private final ImageLayout layout;
    private final List<Packed> packed = new ArrayList<>();

    private Pack(ApplicationFolder sources, Target target, ImageLayout layout) {
        this.sources = sources;
        this.target = target;
        this.layout = layout;
    }

    /// Packs into a folder that does not exist yet. `INVALID` with the remarks of lint when something is wrong.
    ///
    /// @return components first, the package last: the order in which they have to be pushed
    public static List<Packed> into(Path output, ApplicationFolder sources, Target target) {
        if (Files.exists(output)) {
            throw new Fault(Fault.Kind.CONFLICT, output + " exists already; remove it or name another folder");
        }
        Path parent = output.toAbsolutePath().getParent();
        try {
            Path work = Files.createTempDirectory(parent, ".packing-");
            try {
                ImageLayout layout = ImageLayout.create(work);
                List<Packed> packed = into(layout, sources, target);
                layout.save();
                Files.move(work, output, StandardCopyOption.ATOMIC_MOVE);
                return packed;
            } finally {
                remove(work);
            }
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE, "cannot write " + output + ": " + e.getMessage() + "; check the folder", e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Packs into a layout.
    public static List<Packed> into(ImageLayout layout, ApplicationFolder sources, Target target) {
        Lint.Report report = Lint.check(sources);
        if (!report.isClean()) {
            throw Fault.invalid(
                    sources.folder().toString(),
                    report.remarks().stream()
                            .filter(Remark::isError)
                            .map(remark ->
                                    new Finding(remark.file() + ":" + remark.line(), remark.rule(), remark.message()))
                            .toList());
        }
        var pack = new Pack(sources, target, layout);
        pack.components(report.description().orElseThrow());
        pack.description();
        return List.copyOf(pack.packed);
    }

    private void components(ApplicationDescription description) {
        var done = new HashSet<Reference>();
        for (DeploymentProfile profile : description.deploymentProfiles()) {
            for (Component component : profile.components()) {
                if (ApplicationFolder.isOurs(component.repository())) {
                    Reference reference = Reference.parse(component
                                    .repository()
                                    .value()
                                    .replace(ApplicationFolder.OURS, target.registry() + "/"))
                            .withTag(component.revision().value());
                    if (done.add(reference)) {
                        component(profile, component, description.metadata(), reference);
                    }
                }
            }
        }
    }

    private void component(DeploymentProfile profile, Component component, Metadata metadata, Reference reference) {
        Path found = sources.sources(component).orElseThrow(() -> new IllegalStateException("lint has seen it"));
        Descriptor manifest = profile.type().equals("compose")
                ? compose(component, found, metadata, reference)
                : WasmModule.put(
                        ApplicationFolder.read(found), component.revision().value(), layout, reference.toString());
        packed.add(new Packed(reference, manifest.digest()));
    }

    private Descriptor compose(Component component, Path folder, Metadata metadata, Reference reference) {
        var annotations = new LinkedHashMap<String, String>();
        annotations.put(COMPONENT_TYPE, "compose");
        annotations.put(COMPONENT_VERSION, component.revision().value());
        annotations.put(OciTypes.TITLE, component.name().value());
        metadata.description().ifPresent(text -> annotations.put(OciTypes.DESCRIPTION, text));
        authors(metadata).ifPresent(text -> annotations.put(OciTypes.AUTHORS, text));
        annotations.put(OciTypes.VERSION, component.revision().value());
        Descriptor layer = layout.put(COMPOSE_LAYER, archive(component.name().value(), folder));
        for (var annotation : annotations.entrySet()) {
            layer = layer.with(annotation.getKey(), annotation.getValue());
        }
        layout.put(OciTypes.EMPTY, Descriptor.EMPTY);
        return layout.put(Manifest.artifact(COMPOSE_ARTIFACT, List.of(layer), annotations), reference.toString());
    }

    private static Optional<String> authors(Metadata metadata) {
        String names = String.join(
                ", ",
                metadata.catalog().authors().stream()
                        .flatMap(author -> author.name().stream())
                        .toList());
        return Optional.of(names).filter(text -> !text.isEmpty());
    }

    /// Everything in the component's folder, under one folder of its name, in the order of the names.
    private Blob archive(String name, Path folder) {
        var files = new LinkedHashMap<String, Blob>();
        try (var found = Files.walk(folder)) {
            found.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> folder.relativize(file).toString()))
                    .forEach(file -> {
                        String path = folder.relativize(file).toString().replace('\\', '/');
                        Blob content = ApplicationFolder.read(file);
                        files.put(
                                name + "/" + path, path.equals(ApplicationFolder.COMPOSE) ? images(content) : content);
                    });
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + folder + ": " + e.getMessage(), e);
        }
        return Archive.write(files);
    }

    /// Fills the registry into `image: REGISTRY/…`, and leaves every other byte as the author wrote it.
    private Blob images(Blob compose) {
        return Blob.utf8(compose.text()
                .replaceAll(
                        "(?m)^(\\s*image:\\s*[\"']?)" + ApplicationFolder.PLACEHOLDER + "/",
                        "$1" + Matcher.quoteReplacement(target.registry() + "/")));
    }

    private void description() {
        Blob source = ApplicationFolder.read(sources.description());
        Blob filled = Blob.utf8(source.text().replace(ApplicationFolder.OURS, "oci://" + target.registry() + "/"));
        ApplicationDescription read = ApplicationDescription.read(filled).value();
        String repository = target.repository().orElse(read.id().value());
        Reference reference = new Reference(
                target.registry(), repository, Optional.of(read.metadata().tag()), Optional.empty());
        var layers = new ArrayList<Descriptor>();
        layers.add(
                layout.put(ApplicationPackage.DESCRIPTION, filled).with(OciTypes.TITLE, ApplicationFolder.DESCRIPTION));
        for (Resource resource : Resource.of(read.metadata().catalog().application())) {
            Blob content = ApplicationFolder.read(sources.folder().resolve(resource.path()));
            layers.add(layout.put(resource.mediaType().orElseThrow(), content)
                    .with(OciTypes.TITLE, resource.path())
                    .with(ApplicationPackage.RESOURCE, resource.kind()));
        }
        layout.put(OciTypes.EMPTY, Descriptor.EMPTY);
        Manifest manifest = Manifest.artifact(ApplicationPackage.ARTIFACT, layers, new LinkedHashMap<>());
        packed.add(
                new Packed(reference, layout.put(manifest, reference.toString()).digest()));
    }
}
