// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import dev.gantry.content.Fault;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.OciTypes;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import dev.gantry.spec.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Copies what was packed to its registry: components first, the package last, so that a package in a registry never
/// points to something that is not there yet.
@Requirement({"AD-080", "AD-084"})
public final class Push {
    private Push() {}

    /// Pushes everything in the layout to the references that it is named by. What is there already is not sent again.
    ///
    /// @param mayReplace whether a tag that names something else already may be moved to it
    public static List<Pack.Packed> from(ImageLayout layout, RegistryClient registry, boolean mayReplace) {
        var pushed = new ArrayList<Pack.Packed>();
        for (Descriptor entry : layout.entries()) {
            String name = entry.annotation(OciTypes.REF_NAME)
                    .orElseThrow(() -> Fault.invalid("the image layout has a manifest without a name; pack it again"));
            Reference reference = Reference.parse(name);
            if (!mayReplace) {
                refuseToMove(registry, reference, entry);
            }
            pushed.add(new Pack.Packed(reference, registry.push(layout, name, reference)));
        }
        return List.copyOf(pushed);
    }

    /// Devices refuse a revision whose tag has moved, so it is better not to move one.
    private static void refuseToMove(RegistryClient registry, Reference reference, Descriptor entry) {
        Set<String> tags;
        try {
            tags = Set.copyOf(registry.tags(reference));
        } catch (Fault fault) {
            if (fault.kind() != Fault.Kind.MISSING) {
                throw fault;
            }
            return;
        }
        if (reference.tag().filter(tags::contains).isPresent()
                && !registry.resolve(reference).equals(entry.digest())) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    reference + " is there already with other content; raise the version, or replace it on purpose");
        }
    }
}
