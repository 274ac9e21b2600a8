// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Digest;
import dev.gantry.content.Read;
import dev.gantry.spec.ApplicationId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.application.ApplicationDescription;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// An application package as it was imported: its tag became a digest once, and the description is kept as bytes.
///
/// @param reference where it came from, with its tag: `registry.example.com/apps/line-monitor:2.3.0`
/// @param manifest digest of the package's OCI manifest
/// @param pins what the tag of each component named when the package was imported
public record AppPackage(
        String reference,
        Digest manifest,
        Read<ApplicationDescription> description,
        SortedMap<ComponentName, Digest> pins,
        Instant imported) {
    public AppPackage {
        pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
    }

    public PackageId id() {
        ApplicationDescription read = description.value();
        return new PackageId(
                new ApplicationId(read.id().value()), read.metadata().version());
    }
}
