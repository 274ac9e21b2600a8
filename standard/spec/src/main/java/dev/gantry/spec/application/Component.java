// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.Revision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One part of a deployment profile: where its artifact lies, and how long its installation may take.
///
/// @param source the component as it stands in its document, so that a deployment can carry it unchanged
/// @param waits whether the next component waits for this one; true unless it says otherwise (AD-017)
/// @param timeout after which an installation counts as failed (AD-016)
@Requirement({"AD-011", "AD-012", "AD-013", "AD-015"})
public record Component(
        Tree.Obj source,
        ComponentName name,
        Repository repository,
        Revision revision,
        boolean waits,
        Optional<Duration> timeout,
        Extensions extensions) {
    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,9})m(\\d{1,9})s");

    /// Reads a component of a description or of a deployment; both have the same shape.
    public static Supplier<Component> read(Fields fields) {
        Optional<ComponentName> name = fields.need("name", "AD-011", ComponentName::new);
        Optional<Fields> properties = fields.needObject("properties", "AD-012");
        Optional<Repository> repository = properties.flatMap(p -> p.need("repository", "AD-012", Repository::new));
        Optional<Revision> revision = properties.flatMap(p -> p.need("revision", "AD-013", Revision::new));
        Optional<Boolean> waits = properties.flatMap(Component::waits);
        Optional<Duration> timeout = properties.flatMap(p -> p.value("timeout", "AD-015", Component::timeout));
        properties.ifPresent(p -> p.closed("AD-012", List.of()));
        var extensions = new Extensions(fields.matching(Extensions::isName, "AD-064"));
        fields.closed("AD-064", List.of());
        return () -> new Component(
                fields.tree(),
                name.orElseThrow(),
                repository.orElseThrow(),
                revision.orElseThrow(),
                waits.orElse(true),
                timeout,
                extensions);
    }

    /// `true` and `false` as text are read too, as older samples write them (reading D-04).
    private static Optional<Boolean> waits(Fields properties) {
        if (properties.any("wait").orElse(null) instanceof Tree.Str(var text)
                && Set.of("true", "false").contains(text)) {
            return Optional.of(Boolean.parseBoolean(text));
        }
        return properties.bool("wait", "AD-017");
    }

    private static Duration timeout(String text) {
        Matcher parts = TIMEOUT.matcher(text);
        if (!parts.matches()) {
            throw Fault.invalid(Text.quoted(text) + " is not a time such as 8m30s");
        }
        return Duration.ofMinutes(Long.parseLong(parts.group(1))).plusSeconds(Long.parseLong(parts.group(2)));
    }
}
