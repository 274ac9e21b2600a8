// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Blob;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.State;
import dev.gantry.testkit.ManualClock;
import dev.gantry.wire.Body;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.rc3.Paths;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A WFM in memory with two accepted clients, each with a device of its own.
final class World {
    static final ClientId PRESS = new ClientId("press");
    static final ClientId OVEN = new ClientId("oven");
    static final Limits LIMITS = new Limits(4_096, 3, 4, 2, 1L << 40);

    final MemoryStore store = new MemoryStore();
    final ManualClock clock = new ManualClock(Samples.TIME);
    final Fleet fleet = new Fleet(store);
    final Reports reports = new Reports(fleet, Paths.ROOT, LIMITS, clock);
    final Operations operations = new Operations(fleet, reports, Paths.ROOT, LIMITS, clock, UUID::randomUUID);
    final DeviceApi api = new DeviceApi(fleet, reports, Paths.ROOT, LIMITS);

    static World settled() {
        var world = new World();
        for (ClientId client : new ClientId[] {PRESS, OVEN}) {
            world.operations.approve(client);
            world.reports.capabilities(client, Samples.capabilities(client + "-07", "compose"));
        }
        world.operations.add(Samples.application("1.4.0"));
        world.operations.add(Samples.application("1.5.0"));
        return world;
    }

    ClientView view(ClientId client) {
        return fleet.client(client).orElseThrow();
    }

    static Operations.Deploy wish(ClientId client, int number) {
        return wish(client, number, Map.of());
    }

    static Operations.Deploy wish(ClientId client, int number, Map<String, Tree> values) {
        return new Operations.Deploy(
                Optional.of(Samples.deploymentId(number)),
                Optional.of("monitor " + number),
                Samples.application("1.4.0").id(),
                Samples.deviceId(client + "-07"),
                Optional.empty(),
                Optional.empty(),
                values);
    }

    Deployment deployed(ClientId client, int number) {
        return ((Operations.Answer.Done) operations.deploy(wish(client, number))).deployment();
    }

    Response get(ClientId client, String target) {
        return api.handle(client, Request.get(target));
    }

    Response put(ClientId client, String device, Blob body) {
        return api.handle(
                client,
                Request.of("PUT", Paths.ROOT.capabilities() + "/" + device).with(MediaTypes.JSON, Body.of(body)));
    }

    Response post(ClientId client, DeploymentId id, Blob body) {
        return api.handle(client, Request.of("POST", Paths.ROOT.status(id)).with(MediaTypes.JSON, Body.of(body)));
    }

    Response report(ClientId client, int number, ManifestVersion adopted, State state) {
        return post(
                client,
                Samples.deploymentId(number),
                Samples.report(number, adopted, state).source());
    }
}
