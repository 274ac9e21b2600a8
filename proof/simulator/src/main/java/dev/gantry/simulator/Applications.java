// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.application.ApplicationDescription;
import dev.gantry.wfm.AppPackage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The applications of the plant: each in three versions, with one or two components; one that can run nowhere.
final class Applications {
    static final String POISON = "poison";

    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "2.0.0");

    private Applications() {}

    /// Publishes the artifacts of every application and makes the packages of them.
    static List<AppPackage> published(Registry registry, Instant now) {
        var packages = new ArrayList<AppPackage>();
        for (String version : VERSIONS) {
            packages.add(application(registry, now, "camera", version, List.of("lens"), true));
            packages.add(application(registry, now, "historian", version, List.of("database", "api"), true));
            packages.add(application(registry, now, "gateway", version, List.of("bridge", "ui"), false));
            packages.add(application(registry, now, POISON, version, List.of("venom"), true));
        }
        return packages;
    }

    private static AppPackage application(
            Registry registry, Instant now, String id, String version, List<String> components, boolean pinned) {
        var text = new StringBuilder("""
                apiVersion: v1
                id: %1$s
                metadata:
                  name: %1$s
                  version: %2$s
                  catalog:
                    organization:
                      - name: SoftSense
                deploymentProfiles:
                  - type: compose
                    id: only
                    components:
                """.formatted(id, version));
        components.forEach(component -> text.append("""
                      - name: %2$s
                        properties:
                          repository: oci://registry.example.com/%1$s/%2$s
                          revision: %3$s
                """.formatted(id, component, version)));
        text.append("""
                parameters:
                  pollSeconds:
                    value: 30
                    targets:
                      - pointer: POLL_SECONDS
                        components: [%s]
                """.formatted(String.join(", ", components)));
        var description = ApplicationDescription.read(Blob.utf8(text.toString()));
        var pins = new TreeMap<ComponentName, Digest>();
        description.value().components().forEach((name, component) -> {
            Digest artifact = registry.publish(component.repository(), component.revision(), id.equals(POISON));
            if (pinned) {
                pins.put(name, artifact);
            }
        });
        Digest manifest = Blob.utf8(id + "@" + version).digest();
        return new AppPackage("registry.example.com/" + id + ":" + version, manifest, description, pins, now);
    }
}
