// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.DeviceProfile;
import dev.gantry.agent.Polling;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Settings;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.oci.Access;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.DeviceId;
import dev.gantry.wire.rc3.Paths;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The settings of the agent, read once at its start from flags, `GANTRY_AGENT_…` and a file.
///
/// @param wfm whom it reports to
/// @param state folder of everything that it keeps; one process at a time
/// @param device what it reports about the device, as far as no runtime adds to it
/// @param polling how often it asks and tries again
/// @param registries where it may pull artifacts from
/// @param hosting how workloads live here
record AgentConfig(Wfm wfm, Path state, DeviceProfile device, Polling polling, Registries registries, Hosting hosting) {
    /// The state folder where none is set.
    static final Path STATE = Path.of("state");

    /// The WFM, and how the agent comes to an identity that the WFM knows.
    ///
    /// @param url `https`, host and port; the host name is not compared with anything (ID-088)
    /// @param token that enrols this device when it has no credential yet; kept out of command lines
    record Wfm(URI url, Paths paths, Optional<Secret> token) {}

    /// How registries are recognised.
    ///
    /// @param access which may be spoken to without TLS
    /// @param anchors PEM file of the anchors of a site's own registries; the public ones where it is not set
    record Registries(Access access, Optional<Path> anchors) {}

    /// How workloads live here.
    ///
    /// @param runtimes names of those to use; every one that is found when it is empty
    /// @param settings of runtimes, by name
    /// @param collector where the OpenTelemetry collector listens
    /// @param collectorHost by which workloads reach it
    record Hosting(
            List<String> runtimes,
            Map<String, Map<String, String>> settings,
            InetSocketAddress collector,
            String collectorHost) {}

    /// Reads all settings; a misspelt or missing one is `INVALID`.
    ///
    /// @param runtimes names of the runtimes that this installation has
    /// @param machine the defaults of the device's size
    static AgentConfig from(Settings settings, Collection<String> runtimes, Machine machine) {
        var config = new AgentConfig(
                new Wfm(
                        https(settings.uri("wfm.url")),
                        Paths.under(settings.text("wfm.base-path", "/")),
                        token(settings)),
                settings.path("state.dir", STATE),
                device(settings, machine),
                polling(settings),
                new Registries(
                        new Access(
                                settings.bool("registry.plain-loopback", true),
                                Set.copyOf(settings.texts("registry.plain", List.of()))),
                        settings.optionalPath("registry.anchors-file")),
                hosting(settings, runtimes));
        settings.rejectUnused();
        return config;
    }

    private static URI https(URI url) {
        if (!"https".equals(url.getScheme()) || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw Fault.invalid("the setting wfm.url is " + Text.quoted(url.toString())
                    + "; it must be https://host:port, because a WFM is only spoken to over mutual TLS");
        }
        return url;
    }

    /// A token file that is gone is no token: whoever has enrolled a device may remove it.
    private static Optional<Secret> token(Settings settings) {
        boolean gone = settings.optionalPath("enrol.token-file")
                .filter(file -> !Files.exists(file))
                .isPresent();
        return gone ? Optional.empty() : settings.optionalSecret("enrol.token");
    }

    /// Checked by the rules of the report itself, so that a bad value stops the start and not the first exchange.
    private static DeviceProfile device(Settings settings, Machine machine) {
        var id = settings.value("device.id", "a device id", DeviceId::new);
        var nameplate = new DeviceProfile.Nameplate(
                settings.text("device.vendor"), settings.text("device.model"), settings.text("device.serial"));
        var cpu = Tree.members()
                .put("cores", Tree.of(cores(settings.text("cpus", Integer.toString(machine.cores())))))
                .putText("architecture", machine.architecture())
                .build();
        var labels = new LinkedHashMap<String, Tree>();
        settings.below("device.labels").forEach((name, value) -> labels.put(name, Tree.of(value)));
        var profile = new DeviceProfile(
                id,
                nameplate,
                List.of(cpu),
                settings.optionalText("memory").orElseGet(() -> Machine.known(machine.memory(), "memory")),
                settings.optionalText("storage").orElseGet(() -> Machine.known(machine.storage(), "storage")),
                kinds(settings.texts("device.peripherals", List.of())),
                kinds(settings.texts("device.interfaces", List.of())),
                Tree.of(labels));
        Capabilities.read(Json.canonical(Tree.members()
                .put(
                        "properties",
                        Tree.members()
                                .put("id", id.value())
                                .put("vendor", nameplate.vendor())
                                .put("modelNumber", nameplate.model())
                                .put("serialNumber", nameplate.serial())
                                .put("cpus", Tree.of(profile.cpus()))
                                .put("memory", profile.memory())
                                .put("storage", profile.storage())
                                .put("peripherals", Tree.of(profile.peripherals()))
                                .put("interfaces", Tree.of(profile.interfaces()))
                                .build())
                .put("labels", profile.labels())
                .build()));
        return profile;
    }

    private static List<Tree.Obj> kinds(List<String> words) {
        return words.stream()
                .map(word -> Tree.members().put("type", word).build())
                .toList();
    }

    private static BigDecimal cores(String text) {
        try {
            var cores = new BigDecimal(text);
            if (cores.signum() > 0) {
                return cores;
            }
        } catch (NumberFormatException _) {
            // Refused below, like a number that is not above zero.
        }
        throw Fault.invalid(
                "the setting cpus is " + Text.quoted(text) + "; it must be a number of cores such as 2 or 0.5");
    }

    private static Polling polling(Settings settings) {
        Polling usual = Polling.DEFAULT;
        return new Polling(
                settings.duration("poll.every", usual.every()),
                fraction(settings.text("poll.jitter", Double.toString(usual.jitter()))),
                settings.duration("retry.first", usual.retryFirst()),
                settings.duration("retry.most", usual.retryMost()),
                settings.duration("start.within", usual.startWithin()),
                settings.duration("look.every", usual.look()));
    }

    private static double fraction(String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException _) {
            throw Fault.invalid(
                    "the setting poll.jitter is " + Text.quoted(text) + "; it must be a number from 0 to 0.5");
        }
    }

    private static Hosting hosting(Settings settings, Collection<String> known) {
        List<String> chosen = settings.texts("runtimes", List.of());
        chosen.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw Fault.invalid("the setting runtimes names " + Text.quoted(name)
                    + ", which this installation does not have; it has " + String.join(", ", known));
        });
        var own = new LinkedHashMap<String, Map<String, String>>();
        known.forEach(name -> own.put(name, Map.copyOf(settings.below("runtime." + name))));
        return new Hosting(
                chosen,
                Map.copyOf(own),
                settings.address("collector.listen", "127.0.0.1:0"),
                settings.text("collector.host", "127.0.0.1"));
    }
}
