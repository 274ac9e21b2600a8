// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import dev.gantry.spec.ApplicationId;
import java.util.Comparator;

/// One version of one application in the catalogue, written `com-example-app@1.2.0`.
public record PackageId(ApplicationId application, String version) implements Comparable<PackageId> {
    private static final Comparator<PackageId> ORDER =
            Comparator.comparing(PackageId::application).thenComparing(PackageId::version);

    public PackageId {
        if (version.isBlank() || version.length() > 128) {
            throw Fault.invalid(Text.quoted(version) + " is not a version");
        }
    }

    /// Reads `application@version`.
    public static PackageId of(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw Fault.invalid(Text.quoted(text) + " does not name a package: write <application>@<version>");
        }
        return new PackageId(new ApplicationId(text.substring(0, at)), text.substring(at + 1));
    }

    @Override
    public int compareTo(PackageId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return application + "@" + version;
    }
}
