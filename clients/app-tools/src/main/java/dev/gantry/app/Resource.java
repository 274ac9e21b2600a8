// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A file that the catalog links to, and how it is named in a package (application description, section 10.3).
///
/// @param kind `icon`, `descriptionFile`, `licenseFile` or `releaseNotes`
/// @param path in the package, without `./`
@Requirement({"AD-078", "AD-079"})
record Resource(String kind, String path) {
    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("md", "markdown"),
            Map.entry("markdown", "markdown"),
            Map.entry("txt", "plain"),
            Map.entry("pdf", "pdf"),
            Map.entry("html", "html"),
            Map.entry("jpg", "jpeg"),
            Map.entry("jpeg", "jpeg"),
            Map.entry("png", "png"),
            Map.entry("svg", "svg+xml"),
            Map.entry("webp", "webp"));

    static List<Resource> of(Metadata.Listing listing) {
        var all = new ArrayList<Resource>();
        listing.icon().ifPresent(link -> all.add(of("icon", link)));
        listing.descriptionFile().ifPresent(link -> all.add(of("descriptionFile", link)));
        listing.licenseFile().ifPresent(link -> all.add(of("licenseFile", link)));
        listing.releaseNotes().ifPresent(link -> all.add(of("releaseNotes", link)));
        return all;
    }

    private static Resource of(String kind, String link) {
        return new Resource(kind, link.startsWith("./") ? link.substring(2) : link);
    }

    /// Where the link stands in the description.
    String field() {
        return "metadata.catalog.application." + kind;
    }

    /// The media type of the file's layer; empty when the file's ending is unknown.
    Optional<String> mediaType() {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(FORMATS.get(ending))
                .map(format -> "application/vnd.margo.app." + kind + ".v1+" + format);
    }

    /// Whether the path stays in the package.
    boolean isInside() {
        return !path.isEmpty()
                && !path.startsWith("/")
                && !path.contains("\\")
                && !path.contains(":")
                && List.of(path.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
