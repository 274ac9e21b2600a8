// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.content.Blob;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundle;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import dev.gantry.wfm.DeviceApi;
import dev.gantry.wfm.Fleet;
import dev.gantry.wfm.Limits;
import dev.gantry.wfm.MemoryStore;
import dev.gantry.wfm.Operations;
import dev.gantry.wfm.Reports;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.rc3.Paths;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// The device API of the real WFM behind the real checks, with its clients admitted at the start instead of enrolled,
/// and
/// kept in memory: neither enrolment nor the database has a part in a poll.
///
/// Arguments: the folder of the [Site], how many clients there are; each is accepted and has reported one device.
public final class WfmUnderTest {
    private WfmUnderTest() {}

    /// Serves until standard input ends.
    public static void main(String[] arguments) throws IOException {
        Path site = Path.of(arguments[0]);
        InstantSource clock = InstantSource.system();
        var fleet = new Fleet(new MemoryStore());
        var reports = new Reports(fleet, Paths.ROOT, Limits.DEFAULT, clock);
        var operations = new Operations(fleet, reports, Paths.ROOT, Limits.DEFAULT, clock, UUID::randomUUID);
        int clients = Integer.parseInt(arguments[1]);
        for (int i = 0; i < clients; i++) {
            var client = new ClientId(Site.client(i));
            operations.approve(client);
            reports.capabilities(client, Capabilities.read(device(i)));
        }
        TrustBundle bundle = Site.trusted(site);
        var check = new SvidCheck(Site.WFM.trustDomain(), () -> bundle, clock);
        var api = new DeviceApi(fleet, reports, Paths.ROOT, Limits.DEFAULT);
        Served.until(site, check.clientsOf(Site.WFM)::identify, new Clients(api));
    }

    private static Blob device(int number) {
        var properties = Tree.members()
                .put("id", "device-" + number)
                .put("vendor", "Bench")
                .put("modelNumber", "B-1")
                .put("serialNumber", "SN-" + number);
        return Json.canonical(
                Tree.members().put("properties", properties.build()).build());
    }

    /// The client id is what follows the WFM's own name in the identity that the handshake has proven.
    private record Clients(DeviceApi api) implements Handler {
        private static final String PREFIX = Site.WFM.spiffeId() + "/client/";

        @Override
        public Response handle(Caller caller, Request request) {
            return api.handle(client(caller), request);
        }

        @Override
        public Optional<Response> now(Caller caller, Request request) {
            return api.now(client(caller), request);
        }

        private static ClientId client(Caller caller) {
            return new ClientId(caller.identity().orElseThrow().substring(PREFIX.length()));
        }
    }
}
