// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.runtime.Offer;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.Extensions;
import dev.gantry.spec.Requirement;
import java.util.List;
import java.util.TreeMap;

/// What this device is, from its owner's settings and from the machine; together with the runtimes that were
/// found it
/// makes the capabilities.
///
/// @param cpus entries of `cpus`: the share that is set aside for workloads, each a set of cores of its own
/// @param memory with a binary unit, `8Gi`
/// @param storage with a binary unit, `64Gi`
/// @param peripherals entries of `peripherals`
/// @param interfaces entries of `interfaces`
/// @param labels that the owner gives the device
public record DeviceProfile(
        DeviceId id,
        Nameplate nameplate,
        List<Tree.Obj> cpus,
        String memory,
        String storage,
        List<Tree.Obj> peripherals,
        List<Tree.Obj> interfaces,
        Tree.Obj labels) {
    /// What stands on the device.
    public record Nameplate(String vendor, String model, String serial) {}

    public DeviceProfile {
        cpus = List.copyOf(cpus);
        peripherals = List.copyOf(peripherals);
        interfaces = List.copyOf(interfaces);
    }

    /// The capabilities as they are reported: equal facts give equal bytes, so that a change is seen by the digest.
    @Requirement({"MI-085", "MI-086", "MI-094", "MI-095", "DV-004", "DV-006", "DV-007", "DV-008", "DV-009", "DV-021"})
    public Blob capabilities(List<Runtime> runtimes) {
        List<Offer> offers = runtimes.stream().map(Runtime::offer).toList();
        var allLabels = new TreeMap<>(labels.members());
        offers.forEach(offer -> allLabels.putAll(offer.labels()));
        var extension = Tree.members();
        offers.stream()
                .filter(offer -> !offer.extension().members().isEmpty())
                .forEach(offer -> extension.putAll(offer.extension().members()));
        var properties = Tree.members()
                .put("id", id.value())
                .put("vendor", nameplate.vendor())
                .put("modelNumber", nameplate.model())
                .put("serialNumber", nameplate.serial());
        if (!offers.isEmpty()) {
            properties
                    .put("cpus", Tree.of(cpus))
                    .put("memory", memory)
                    .put("storage", storage)
                    .put("peripherals", Tree.of(peripherals))
                    .put("interfaces", Tree.of(interfaces))
                    .put("otelCollector", true)
                    .put(
                            "supportedRuntimes",
                            distinct(offers.stream().map(Offer::runtime).toList()))
                    .put(
                            "supportedDeploymentTypes",
                            distinct(offers.stream().map(Offer::deploymentType).toList()));
        }
        var report = Tree.members().put("properties", properties.build());
        if (!allLabels.isEmpty()) {
            report.put("labels", Tree.of(allLabels));
        }
        Tree.Obj ours = extension.build();
        if (!ours.members().isEmpty()) {
            report.put(Extensions.GANTRY, ours);
        }
        return Json.canonical(report.build());
    }

    private static Tree distinct(List<String> words) {
        return Tree.ofTexts(words.stream().distinct().sorted().toList());
    }
}
