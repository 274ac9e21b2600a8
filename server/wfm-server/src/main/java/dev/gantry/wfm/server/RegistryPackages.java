// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.oci.ApplicationPackage;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.wfm.AppPackage;
import dev.gantry.wfm.Packages;
import java.time.InstantSource;
import java.util.TreeMap;

/// Application packages from OCI registries. What the tag of a component names is looked up once, here; devices
/// hold what they resolve against it.
record RegistryPackages(RegistryClient registry, InstantSource clock) implements Packages {
    @Override
    @Requirement({"AD-071", "AD-073", "AD-081", "AD-096"})
    public AppPackage fetch(String reference) {
        Reference asked = Reference.parse(reference.startsWith("oci://") ? reference.substring(6) : reference);
        ApplicationPackage fetched = ApplicationPackage.fetch(registry, asked);
        ApplicationDescription description = fetched.description().value();
        var pins = new TreeMap<ComponentName, Digest>();
        description
                .components()
                .forEach((name, component) -> pins.put(
                        name,
                        resolve(component.repository().reference() + ":" + component.revision(), description, name)));
        return new AppPackage(asked.toString(), fetched.digest(), fetched.description(), pins, clock.instant());
    }

    private Digest resolve(String reference, ApplicationDescription description, ComponentName name) {
        try {
            return registry.resolve(Reference.parse(reference));
        } catch (Fault fault) {
            throw new Fault(
                    fault.kind(),
                    "component " + name + " of " + description.id() + ": " + fault.getMessage()
                            + "; push the component first, then import again",
                    fault);
        }
    }
}
