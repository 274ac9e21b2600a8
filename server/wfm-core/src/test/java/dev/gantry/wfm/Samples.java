// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.State;
import dev.gantry.spec.application.ApplicationDeployment;
import dev.gantry.spec.application.ApplicationDescription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Small valid things that tests of a WFM need. All times are whole milliseconds, which every store keeps.
public final class Samples {
    /// When everything happens that has no better time.
    public static final Instant TIME = Instant.parse("2026-03-01T06:00:00.125Z");

    private static final String DESCRIPTION = """
            apiVersion: v1
            id: APPLICATION
            metadata:
              name: Press monitor
              version: VERSION
              catalog:
                organization:
                  - name: SoftSense
            deploymentProfiles:
              - type: compose
                id: on-compose
                components:
                  - name: monitor
                    properties:
                      repository: oci://registry.example.com/apps/APPLICATION
                      revision: VERSION
              - type: helm
                id: on-helm
                components:
                  - name: chart
                    properties:
                      repository: oci://registry.example.com/charts/APPLICATION
                      revision: VERSION
            parameters:
              pollSeconds:
                value: 30
                targets:
                  - pointer: POLL_SECONDS
                    components: [monitor]
                  - pointer: poll.seconds
                    components: [chart]
              siteId:
                targets:
                  - pointer: SITE_ID
                    components: [monitor]
            configuration:
              sections:
                - name: General
                  settings:
                    - parameter: pollSeconds
                      name: Poll interval
                      schema: pollRange
                    - parameter: siteId
                      name: Site
                      immutable: true
                      schema: siteText
              schema:
                - name: pollRange
                  dataType: integer
                  minValue: 10
                  maxValue: 3600
                  allowEmpty: false
                - name: siteText
                  dataType: string
                  maxLength: 45
                  allowEmpty: true
            """;

    private Samples() {}

    public static Client client(String id, Client.Standing standing) {
        return new Client(new ClientId(id), standing, TIME);
    }

    /// The n-th deployment id.
    public static DeploymentId deploymentId(int number) {
        return new DeploymentId("00000000-0000-4000-8000-%012d".formatted(number));
    }

    /// The application `press-monitor`, in two profiles, for devices that run `compose` or `helm`.
    public static AppPackage application(String version) {
        return application("press-monitor", version);
    }

    /// An application with this id.
    public static AppPackage application(String id, String version) {
        Blob description = Blob.utf8(DESCRIPTION.replace("APPLICATION", id).replace("VERSION", version));
        var pins = new TreeMap<ComponentName, Digest>();
        pins.put(new ComponentName("monitor"), digest(id + "/monitor:" + version));
        return new AppPackage(
                "registry.example.com/apps/" + id + ":" + version,
                digest(id + ":" + version),
                ApplicationDescription.read(description),
                pins,
                TIME);
    }

    /// Some digest, by name.
    public static Digest digest(String name) {
        return Blob.utf8(name).digest();
    }

    /// The report of a device that runs one deployment type.
    public static Read<Capabilities> capabilities(String device, String deploymentType) {
        return Capabilities.read(Json.canonical(Tree.members()
                .put(
                        "properties",
                        Tree.members()
                                .put("id", device)
                                .put("vendor", "Press Works")
                                .put("modelNumber", "PW-7")
                                .put("serialNumber", "0815/" + device)
                                .put(
                                        "cpus",
                                        Tree.of(List.of(Tree.members()
                                                .put("cores", 4)
                                                .put("architecture", "amd64")
                                                .build())))
                                .put("memory", "8Gi")
                                .put("storage", "64Gi")
                                .put("peripherals", Tree.of(List.of()))
                                .put("interfaces", Tree.of(List.of()))
                                .put("otelCollector", true)
                                .put("supportedRuntimes", Tree.ofTexts(List.of("oci")))
                                .put("supportedDeploymentTypes", Tree.ofTexts(List.of(deploymentType)))
                                .build())
                .build()));
    }

    public static Device device(ClientId client, String device) {
        return new Device(client, capabilities(device, "compose"), TIME);
    }

    /// A deployment as an operator made it, with a value of each type.
    public static Deployment deployment(ClientId client, int number, ManifestVersion since) {
        Map<String, Tree> values = Map.of(
                "on", Tree.of(true),
                "off", Tree.of(false),
                "count", Tree.of(9_007_199_254_740_993L),
                "text", Tree.of("true"),
                "name", Tree.of("Käserei „Süd“ 'n' \"more\""),
                "list", Tree.of(List.of(Tree.of(1), Tree.of("one"), new Tree.Null())),
                "inner", Tree.members().put("deep", false).build());
        return new Deployment(
                deploymentId(number),
                client,
                new ApplicationDeployment.Target("press-07"),
                new Deployment.Origin(
                        "press monitor " + number, application("1.4.0").id(), "on-compose", values, TIME),
                document(number, "first"),
                since,
                false);
    }

    /// Bytes that stand for a deployment document.
    public static Blob document(int number, String content) {
        return Blob.utf8("id: " + deploymentId(number) + "\nspec: " + content + "\n");
    }

    public static StatusReport status(int number, ManifestVersion adopted, State state) {
        return new StatusReport(report(number, adopted, state), TIME);
    }

    /// What a device tells of a deployment.
    public static Read<DeploymentStatus> report(int number, ManifestVersion adopted, State state) {
        var status = new DeploymentStatus(
                deploymentId(number),
                Optional.empty(),
                adopted,
                state,
                Optional.empty(),
                List.of(new DeploymentStatus.Component(new ComponentName("monitor"), state, Optional.empty())));
        return DeploymentStatus.read(Json.canonical(status.tree()));
    }

    public static DeviceId deviceId(String value) {
        return new DeviceId(value);
    }
}
