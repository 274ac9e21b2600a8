// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fields;
import dev.gantry.content.Text;
import dev.gantry.spec.Requirement;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What people see of an application, and its version.
///
/// @param name for display only
/// @param version equals the OCI tag of the package, see [#tag()]
@Requirement({"AD-003", "AD-004", "AD-005"})
public record Metadata(String name, Optional<String> description, String version, Catalog catalog) {
    private static final Pattern MAIL = Pattern.compile(".*@[a-z0-9.-]*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /// What a marketplace shows.
    public record Catalog(Listing application, List<Author> authors, List<Organization> organizations) {
        public Catalog {
            authors = List.copyOf(authors);
            organizations = List.copyOf(organizations);
        }
    }

    /// The catalog's `application` member. File members are links relative to the package's root.
    public record Listing(
            Optional<String> descriptionFile,
            Optional<String> icon,
            Optional<String> licenseFile,
            Optional<String> releaseNotes,
            Optional<String> site,
            Optional<String> tagline,
            List<String> tags) {
        static final Listing NONE = new Listing(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());

        public Listing {
            tags = List.copyOf(tags);
        }
    }

    /// Somebody who wrote the application.
    public record Author(Optional<String> name, Optional<String> email) {}

    /// A company that publishes the application.
    public record Organization(String name, Optional<String> site) {}

    /// The version as an OCI tag: `+` becomes `_` (AD-073, reading A-13).
    public String tag() {
        return version.replace('+', '_');
    }

    static Supplier<Metadata> read(Fields fields) {
        Optional<String> name = fields.needText("name", "AD-003");
        Optional<String> description = fields.text("description", "AD-003");
        Optional<String> version = fields.needText("version", "AD-003");
        version.filter(text -> !TAG.matcher(text.replace('+', '_')).matches())
                .ifPresent(text -> fields.wrong(
                        "version", "AD-073", Text.quoted(text) + " cannot be the tag of a package in a registry"));
        Optional<Supplier<Catalog>> catalog =
                fields.needObject("catalog", "AD-003").map(Metadata::catalog);
        fields.closed("AD-003", List.of());
        return () -> new Metadata(
                name.orElseThrow(),
                description,
                version.orElseThrow(),
                catalog.orElseThrow().get());
    }

    private static Supplier<Catalog> catalog(Fields fields) {
        Listing listing =
                fields.object("application", "AD-003").map(Metadata::listing).orElse(Listing.NONE);
        List<Author> authors = fields.objects("author", "AD-005").stream()
                .map(Metadata::author)
                .toList();
        List<Fields> entries = fields.needObjects("organization", "AD-004");
        List<Supplier<Organization>> organizations =
                entries.stream().map(Metadata::organization).toList();
        fields.closed("AD-003", List.of());
        return () -> new Catalog(
                listing, authors, organizations.stream().map(Supplier::get).toList());
    }

    private static Listing listing(Fields fields) {
        var listing = new Listing(
                fields.text("descriptionFile", "AD-007"),
                fields.text("icon", "AD-003"),
                fields.text("licenseFile", "AD-008"),
                fields.text("releaseNotes", "AD-008"),
                fields.text("site", "AD-003"),
                fields.text("tagline", "AD-003"),
                fields.texts("tags", "AD-003").orElse(List.of()));
        fields.closed("AD-003", List.of());
        return listing;
    }

    private static Author author(Fields fields) {
        var author = new Author(fields.text("name", "AD-005"), fields.text("email", "AD-005"));
        author.email()
                .filter(email -> !MAIL.matcher(email).matches())
                .ifPresent(email -> fields.wrong("email", "AD-005", Text.quoted(email) + " does not match " + MAIL));
        fields.closed("AD-005", List.of());
        return author;
    }

    private static Supplier<Organization> organization(Fields fields) {
        Optional<String> name = fields.needText("name", "AD-004");
        Optional<String> site = fields.text("site", "AD-004");
        fields.closed("AD-004", List.of());
        return () -> new Organization(name.orElseThrow(), site);
    }
}
