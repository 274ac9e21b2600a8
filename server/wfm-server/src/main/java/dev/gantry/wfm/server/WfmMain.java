// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.content.Settings;
import dev.gantry.http.HttpServer;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.ServerTls;
import dev.gantry.http.TransportConfig;
import dev.gantry.http.svid.SvidKeeper;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.oci.Access;
import dev.gantry.oci.ClientLimits;
import dev.gantry.oci.Credentials;
import dev.gantry.oci.HttpConnections;
import dev.gantry.oci.RegistryClient;
import dev.gantry.sql.DatabaseLimits;
import dev.gantry.wfm.DeviceApi;
import dev.gantry.wfm.Fleet;
import dev.gantry.wfm.Limits;
import dev.gantry.wfm.Operations;
import dev.gantry.wfm.Reports;
import dev.gantry.wfm.server.store.SqlStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process `gantry server`. Settings: [WfmConfig], from flags, `GANTRY_SERVER_…` and a file.
public final class WfmMain {
    private static final Logger LOG = LoggerFactory.getLogger(WfmMain.class);

    private WfmMain() {}

    /// Serves until the process is asked to end.
    public static void main(String[] arguments) {
        var asked = new CountDownLatch(1);
        try {
            WfmConfig config = WfmConfig.from(Settings.read("GANTRY_SERVER_", List.of(arguments), System.getenv()));
            Disk.createFolder(config.state());
            serve(config, asked);
        } catch (Fault fault) {
            System.err.println("gantry server: " + fault.getMessage());
            System.exit(1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void serve(WfmConfig config, CountDownLatch asked) throws InterruptedException {
        InstantSource clock = InstantSource.system();
        var chance = new SecureRandom();
        var devices = new AtomicReference<Runnable>(() -> {});
        try (var store = SqlStore.open(config.database(), DatabaseLimits.DEFAULT);
                var keeper = SvidKeeper.start(
                        config.identity(),
                        config.token().map(Secret::reveal).map(EnrolmentToken::read),
                        clock,
                        chance,
                        () -> devices.get().run());
                var registries = new HttpConnections(new ServerCheck.PublicPki(), ClientLimits.DEFAULT)) {
            MargoIdentity.Wfm wfm = own(keeper);
            var fleet = new Fleet(store);
            var reports = new Reports(fleet, config.paths(), Limits.DEFAULT, clock);
            var operations = new Operations(fleet, reports, config.paths(), Limits.DEFAULT, clock, UUID::randomUUID);
            var packages = new RegistryPackages(
                    new RegistryClient(registries, Credentials.ANONYMOUS, Access.DEFAULT, ClientLimits.DEFAULT, clock),
                    clock);
            var operator = new SignIn(
                    SignIn.key(config.operatorKey(), chance),
                    new OperatorApi(fleet, reports, operations, packages, enrolment(config, wfm)),
                    contract());
            var device = new DeviceListener(wfm, new DeviceApi(fleet, reports, config.paths(), Limits.DEFAULT));
            var check = new SvidCheck(wfm.trustDomain(), keeper.bundle(), clock);
            var tls = ServerTls.mutual(keeper.credential(), check.clientsOf(wfm)::identify);
            try (var deviceServer = HttpServer.start(
                            listener("device API", config.device()).over(tls), device);
                    var operatorServer = HttpServer.start(listener("operator API", config.operator()), operator)) {
                devices.set(deviceServer::recheckPeers);
                Runtime.getRuntime().addShutdownHook(new Thread(asked::countDown, "wfm-stop"));
                LOG.atInfo()
                        .addKeyValue("wfm", wfm.spiffeId())
                        .addKeyValue("devicePort", deviceServer.port())
                        .addKeyValue("operatorPort", operatorServer.port())
                        .addKeyValue("operatorKey", config.operatorKey().toAbsolutePath())
                        .log("WFM started");
                asked.await();
            }
        }
    }

    private static ListenerConfig listener(String name, InetSocketAddress address) {
        return ListenerConfig.of(name, address.getHostString(), address.getPort());
    }

    private static MargoIdentity.Wfm own(SvidKeeper keeper) {
        return MargoIdentity.of(keeper.id())
                .filter(MargoIdentity.Wfm.class::isInstance)
                .map(MargoIdentity.Wfm.class::cast)
                .orElseThrow(() -> Fault.invalid("the SVID in the state folder is of " + keeper.id()
                        + ", not of a WFM; enrol with a token of the kind wfm"));
    }

    private static Enrolment enrolment(WfmConfig config, MargoIdentity.Wfm wfm) {
        return config.mis()
                .map(mis -> Enrolment.at(
                        new HttpTransport(TransportConfig.to(mis.url(), new ServerCheck.Pins(Set.of(mis.pin())))),
                        mis.key(),
                        wfm.wfmId()))
                .orElseGet(Enrolment::elsewhere);
    }

    private static Blob contract() {
        try (InputStream in = WfmMain.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the OpenAPI document is part of this module");
            }
            return Blob.of(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the OpenAPI document cannot be read", e);
        }
    }
}
