// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where something lies: registry, repository, and a tag or a digest or both. The registry always stands there; nothing
/// is looked for in a public registry by default.
///
/// @param registry host and optional port: `registry.example.com:5000`
/// @param repository path of lowercase names: `acme/press-monitor`
public record Reference(String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
    private static final String SCHEME = "oci://";
    private static final Pattern HOST = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:]+])"
                    + "(?::[0-9]{1,5})?");
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final Pattern WHOLE = Pattern.compile("([^/]+)/([^:@]+)(?::([^@]*))?(?:@(.*))?");
    private static final int LONGEST_NAME = 255;

    public Reference {
        String shown = registry + "/" + repository;
        if (!HOST.matcher(registry).matches()) {
            throw Fault.invalid(
                    Text.quoted(shown) + " does not start with a registry such as registry.example.com:5000");
        }
        if (repository.length() > LONGEST_NAME || !isRepository(repository)) {
            throw Fault.invalid(Text.quoted(repository) + " is not the name of a repository (lowercase names, '/')");
        }
        tag.filter(text -> !isTag(text)).ifPresent(text -> {
            throw Fault.invalid(Text.quoted(text) + " is not a tag (letters, digits, '.', '_', '-', at most 128)");
        });
    }

    /// Reads `registry/repository`, with `:tag` and `@sha256:…` as they may follow, and `oci://` as it may precede.
    public static Reference parse(String text) {
        String bare = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        Matcher parts = WHOLE.matcher(bare);
        if (!parts.matches()) {
            throw Fault.invalid(Text.quoted(text) + " is not a reference such as registry.example.com/acme/app:1.0.0");
        }
        return new Reference(
                parts.group(1),
                parts.group(2),
                Optional.ofNullable(parts.group(3)),
                Optional.ofNullable(parts.group(4)).map(Digest::new));
    }

    /// Whether a text is the name of a repository; the grammar has no dot segments, so it is safe as a path.
    public static boolean isRepository(String text) {
        return REPOSITORY.matcher(text).matches();
    }

    /// Whether a text is a tag.
    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    /// The same repository, with this tag and no digest.
    public Reference withTag(String name) {
        return new Reference(registry, repository, Optional.of(name), Optional.empty());
    }

    /// The same repository, with this digest and no tag.
    public Reference withDigest(Digest name) {
        return new Reference(registry, repository, Optional.empty(), Optional.of(name));
    }

    /// What a manifest is asked for by: the digest, else the tag; a reference with neither is `INVALID`.
    public String manifest() {
        return digest.map(Digest::value)
                .or(this::tag)
                .orElseThrow(
                        () -> Fault.invalid(this + " names neither a tag nor a digest; add one, ':1.0.0' for example"));
    }

    /// Registry and repository without tag and digest.
    public String name() {
        return registry + "/" + repository;
    }

    @Override
    public String toString() {
        return name()
                + tag.map(text -> ":" + text).orElse("")
                + digest.map(text -> "@" + text).orElse("");
    }
}
