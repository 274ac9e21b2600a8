// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.Artifacts;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.simulator.Faults.Kind;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Revision;
import dev.gantry.wire.Unreachable;

/// The artifacts on one device, durable, and the device's way to the registry.
final class DeviceArtifacts implements Artifacts {
    private final Registry registry;
    private final Faults faults;
    private final Power power;
    private final Blobs here = new MemoryBlobs();

    DeviceArtifacts(Registry registry, Faults faults, Power power) {
        this.registry = registry;
        this.faults = faults;
        this.power = power;
    }

    @Override
    public Digest resolve(Repository repository, Revision revision) throws Unreachable {
        silent();
        return registry.resolve(repository, revision);
    }

    @Override
    public boolean isHere(Digest artifact) {
        return here.has(artifact);
    }

    @Override
    public void fetch(Repository repository, Digest artifact) throws Unreachable {
        silent();
        Blob pulled = registry.pull(artifact);
        if (faults.strike(Kind.REGISTRY_CORRUPT)) {
            throw new Fault(Fault.Kind.INVALID, "what came is not " + artifact);
        }
        power.around("an artifact is kept", () -> here.put(pulled));
    }

    private void silent() throws Unreachable {
        if (faults.strike(Kind.REGISTRY_SILENT)) {
            throw new Unreachable("the registry did not answer");
        }
    }

    @Override
    public Blobs blobs() {
        return here;
    }
}
