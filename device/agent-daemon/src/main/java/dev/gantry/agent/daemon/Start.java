// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.runtime.RuntimeProvider;
import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.content.Settings;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.TransportConfig;
import dev.gantry.http.TransportLimits;
import dev.gantry.http.svid.SvidKeeper;
import dev.gantry.identity.Pem;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.oci.ClientLimits;
import dev.gantry.oci.Credentials;
import dev.gantry.oci.HttpConnections;
import dev.gantry.oci.RegistryClient;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// The parts of the start that take more than a line.
final class Start {
    private Start() {}

    static AgentConfig configured(Supplier<Settings> settings, List<RuntimeProvider> installed) {
        try {
            Settings given = settings.get();
            Path state = given.path("state.dir", AgentConfig.STATE);
            var names = installed.stream().map(RuntimeProvider::name).sorted().toList();
            return AgentConfig.from(given, names, Machine.here(state));
        } catch (Fault fault) {
            throw new CannotStart(Exit.SETTINGS, fault.getMessage(), fault);
        }
    }

    /// Waits until this device has a credential.
    static SvidKeeper enrolled(
            AgentConfig config, StateFolder state, InstantSource clock, SecureRandom chance, Runnable onBundleReplaced)
            throws InterruptedException {
        try {
            var token = config.wfm().token().map(Secret::reveal).map(EnrolmentToken::read);
            return SvidKeeper.start(state.identity(), token, clock, chance, onBundleReplaced);
        } catch (Fault fault) {
            throw switch (fault.kind()) {
                case MISSING ->
                    new CannotStart(Exit.NOT_ENROLLED, fault.getMessage() + " with --enrol-token-file", fault);
                case REFUSED -> new CannotStart(Exit.NOT_ENROLLED, fault.getMessage(), fault);
                case INVALID, CONFLICT, UNAVAILABLE, BROKEN -> fault;
            };
        }
    }

    /// Mutual TLS with the one WFM whose namespace the own SVID is in, under whatever name it is reached (ID-086,
    /// ID-088).
    @Requirement({"ID-040", "ID-048", "ID-086", "ID-088"})
    static HttpTransport connected(AgentConfig.Wfm wfm, SvidKeeper svid, InstantSource clock) {
        var rule = new SvidCheck(svid.trustDomain(), svid.bundle(), clock).wfmOf(svid.credential());
        return new HttpTransport(new TransportConfig(
                wfm.url(), svid.credential(), new ServerCheck.Spiffe(rule::identify), TransportLimits.DEFAULT, clock));
    }

    static HttpConnections connections(AgentConfig.Registries registries) {
        ServerCheck check = registries
                .anchors()
                .<ServerCheck>map(file -> new ServerCheck.Pki(Pem.certificates(text(file))))
                .orElseGet(ServerCheck.PublicPki::new);
        return new HttpConnections(check, ClientLimits.DEFAULT);
    }

    private static String text(Path file) {
        try {
            return Blob.of(Files.readAllBytes(file)).text();
        } catch (IOException e) {
            throw new CannotStart(
                    Exit.SETTINGS,
                    "cannot read the anchors " + file + " of registry.anchors-file: " + e.getMessage()
                            + "; name a PEM file that the agent can read",
                    e);
        }
    }

    static RegistryClient registries(
            HttpConnections connections, AgentConfig.Registries registries, InstantSource clock) {
        return new RegistryClient(connections, Credentials.ANONYMOUS, registries.access(), ClientLimits.DEFAULT, clock);
    }
}
