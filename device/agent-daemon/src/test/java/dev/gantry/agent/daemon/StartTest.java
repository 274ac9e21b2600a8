// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.agent.runtime.Surroundings;
import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import dev.gantry.http.HttpServer;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.ServerTls;
import dev.gantry.http.svid.IdentityService;
import dev.gantry.http.svid.SvidKeeper;
import dev.gantry.identity.Credential;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SvidCheck;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import dev.gantry.wire.rc3.Paths;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final IdentityService service = new IdentityService(clock);

    @AfterEach
    void stop() {
        service.close();
    }

    /// What a device of `wfm-1` hears from a WFM with this credential, reached under a name that is in no certificate.
    private String answer(Credential presented, IdentityService trusted) throws InterruptedException, Unreachable {
        var clients = new SvidCheck(trusted.token().trustDomain(), trusted::bundle, clock).anyone();
        var listener = ListenerConfig.of("test WFM", "127.0.0.1", 0)
                .by(clock)
                .over(ServerTls.mutual(() -> presented, clients::identify));
        try (var server = HttpServer.start(listener, StartTest::whoAmI);
                var svid = SvidKeeper.start(folder, Optional.of(service.token()), clock, new SecureRandom(), () -> {});
                var wfm = Start.connected(
                        new AgentConfig.Wfm(
                                URI.create("https://localhost:" + server.port()), Paths.ROOT, Optional.empty()),
                        svid,
                        clock)) {
            return wfm.send(Request.get("/")).body().whole(1_000).text();
        }
    }

    private static Response whoAmI(Caller caller, Request request) {
        return Response.of(200, "text/plain", Blob.utf8(caller.identity().orElse("nobody")));
    }

    @Test
    @Requirement({"ID-040", "ID-048", "ID-086", "ID-088"})
    void theWfmOfTheOwnNamespaceIsSpokenToUnderAnyHostName() throws InterruptedException, Unreachable {
        MargoIdentity.Wfm wfm = service.wfm("wfm-1");

        assertEquals(wfm.client("press-01").spiffeId().value(), answer(service.svid(wfm), service));
    }

    @Test
    @Requirement("ID-086")
    void neitherAnotherWfmNorAClientOfTheOwnOneIsTakenForIt() {
        var another = service.svid(service.wfm("wfm-2"));
        var client = service.svid(service.wfm("wfm-1").client("press-02"));

        Unreachable first = assertThrows(Unreachable.class, () -> answer(another, service));
        assertTrue(String.valueOf(first.getMessage()).contains("wfm-2"), first.getMessage());
        assertThrows(Unreachable.class, () -> answer(client, service));
    }

    @Test
    @Requirement({"ID-035", "ID-036"})
    void aForeignAuthorityWithTheSameNamesIsNotTrusted() {
        try (var foreign = new IdentityService(clock)) {
            var impostor = foreign.svid(foreign.wfm("wfm-1"));

            assertThrows(Unreachable.class, () -> answer(impostor, service));
        }
    }

    private record Absent(String name) implements RuntimeProvider {
        @Override
        public Found find(Surroundings surroundings) {
            return new Found.Missing("no engine was found; install one");
        }
    }

    private Runtimes runtimes(List<String> wanted) {
        var hosting = new AgentConfig.Hosting(
                wanted, Map.of(), InetSocketAddress.createUnresolved("127.0.0.1", 0), "127.0.0.1");
        try (var state = StateFolder.take(folder)) {
            return Runtimes.find(List.of(new Absent("compose")), hosting, state, Map.of(), clock);
        }
    }

    @Test
    void aRuntimeWithoutItsEngineIsLeftOutUnlessItWasAskedFor() {
        try (var found = runtimes(List.of())) {
            assertEquals(List.of(), found.all());
        }

        Fault fault = assertThrows(Fault.class, () -> runtimes(List.of("compose")));
        assertTrue(fault.getMessage().contains("install one"), fault.getMessage());
    }

    @Test
    void theInstallationBringsWebAssembly() {
        assertTrue(Runtimes.installed().stream()
                .anyMatch(provider -> provider.name().equals("wasm")));
    }

    @Test
    void whatIsWrongWithTheStartHasAnExitCode() {
        CannotStart settings = assertThrows(
                CannotStart.class, () -> Start.configured(() -> Settings.of(Map.of("wfm.url", "x")), List.of()));
        assertEquals(Exit.SETTINGS, settings.exit());

        var config = AgentConfig.from(
                Settings.of(Map.of(
                        "wfm.url", "https://127.0.0.1:1",
                        "device.id", "press-01",
                        "device.vendor", "Acme",
                        "device.model", "P-9",
                        "device.serial", "0001")),
                List.of(),
                Machine.here(folder));
        try (var state = StateFolder.take(folder)) {
            CannotStart enrolment = assertThrows(
                    CannotStart.class, () -> Start.enrolled(config, state, clock, new SecureRandom(), () -> {}));
            assertEquals(Exit.NOT_ENROLLED, enrolment.exit());
            assertTrue(String.valueOf(enrolment.getMessage()).contains("--enrol-token-file"));
        }
    }
}
