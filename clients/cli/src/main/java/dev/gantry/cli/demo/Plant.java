// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli.demo;

import dev.gantry.cli.OperatorClient;
import dev.gantry.cli.Output;
import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.TransportConfig;
import dev.gantry.wire.Body;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import dev.gantry.wire.Unreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Julia's cheese plant: identity service, registry, fleet manager and the devices, each a process of its own on
/// loopback.
final class Plant implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(40);
    private static final String WFM_ID = "cheese-plant";
    private static final String HOST = "127.0.0.1";

    private final Path gantry;
    private final Path folder;
    private final Path logs;
    private final List<Part> parts = new ArrayList<>();
    private final int identityPort = freePort();
    private final int registryPort = freePort();
    private final int devicePort = freePort();
    private final int operatorPort = freePort();

    /// @param gantry the command that starts each process
    /// @param folder for everything that the processes keep
    Plant(Path gantry, Path folder) {
        this.gantry = gantry;
        this.folder = folder;
        this.logs = folder.resolve("logs");
        Disk.createFolder(logs);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "this machine has no free port on loopback: " + e.getMessage(), e);
        }
    }

    private Part part(String name, List<String> arguments) {
        Part part = Part.start(gantry, name, logs, arguments);
        parts.add(part);
        return part;
    }

    void startIdentityService() throws InterruptedException {
        Part mis = part(
                "mis",
                List.of(
                        "mis",
                        "--state-dir=" + folder.resolve("mis"),
                        "--trust-domain=cheese-plant.example",
                        "--listen=" + HOST + ":" + identityPort,
                        "--renewal-listen=" + HOST + ":" + freePort()));
        mis.await(
                () -> Files.exists(pinFile()) && Files.exists(adminKey()) && answers(identity(), "/.well-known/margo"),
                START);
    }

    void startRegistry() throws InterruptedException {
        Part registry = part(
                "registry", List.of("registry", "--state-dir=" + folder.resolve("registry"), "--listen=" + registry()));
        registry.await(() -> Files.exists(pushToken()) && answers(plain(registryPort), "/v2/"), START);
    }

    void startFleetManager() throws InterruptedException {
        Path token = folder.resolve("wfm-token");
        Disk.replaceSecret(token, Blob.utf8(wfmToken()));
        Part wfm = part(
                "wfm",
                List.of(
                        "server",
                        "--state-dir=" + folder.resolve("wfm"),
                        "--device-listen=" + HOST + ":" + devicePort,
                        "--operator-listen=" + HOST + ":" + operatorPort,
                        "--enrol-token-file=" + token,
                        "--mis-url=" + identityUrl(),
                        "--mis-pin=" + read(pinFile()),
                        "--mis-admin-key-file=" + adminKey()));
        wfm.await(() -> answers(plain(operatorPort), "/operator/v1/openapi.json"), START);
    }

    /// Starts a device with a token that it enrols with.
    void startDevice(DemoDevice device, String token) {
        Path file = folder.resolve(device.id() + "-token");
        Disk.replaceSecret(file, Blob.utf8(token));
        part(
                device.id(),
                List.of(
                        "agent",
                        "--wfm-url=https://" + HOST + ":" + devicePort,
                        "--state-dir=" + folder.resolve(device.id()),
                        "--device-id=" + device.id(),
                        "--device-vendor=" + device.vendor(),
                        "--device-model=" + device.model(),
                        "--device-serial=" + device.serial(),
                        "--poll-every=1s",
                        "--enrol-token-file=" + file));
    }

    private String wfmToken() {
        Tree wish = Tree.members().put("kind", "wfm").put("id", WFM_ID).build();
        try (var mis = identity()) {
            Response response = mis.send(Request.of("POST", "/x-gantry/v1/enrolment-tokens")
                    .with("Authorization", "Bearer " + read(adminKey()))
                    .with("application/json", Body.of(Json.canonical(wish))));
            if (response.status() == 201 && Json.read(response.body().whole(1 << 16)) instanceof Tree.Obj made) {
                return Output.member(made, "token");
            }
            throw new Fault(
                    Fault.Kind.BROKEN,
                    "the identity service made no token: "
                            + Problem.read(response).detail());
        } catch (Unreachable e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "the identity service does not answer: " + e.getMessage(), e);
        }
    }

    private static boolean answers(HttpTransport transport, String path) {
        try (transport) {
            return answers((Transport) transport, path);
        }
    }

    private static boolean answers(Transport transport, String path) {
        try {
            return transport.send(Request.get(path)).status() < 500;
        } catch (Unreachable _) {
            return false;
        }
    }

    private HttpTransport identity() {
        return new HttpTransport(
                TransportConfig.to(URI.create(identityUrl()), new ServerCheck.Pins(Set.of(read(pinFile())))));
    }

    private static HttpTransport plain(int port) {
        return new HttpTransport(TransportConfig.plain(URI.create("http://" + HOST + ":" + port)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.BROKEN, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private Path pinFile() {
        return folder.resolve("mis").resolve("pin");
    }

    private Path adminKey() {
        return folder.resolve("mis").resolve("admin-key");
    }

    String identityUrl() {
        return "https://" + HOST + ":" + identityPort;
    }

    String operatorUrl() {
        return "http://" + HOST + ":" + operatorPort;
    }

    Path operatorKey() {
        return folder.resolve("wfm").resolve("operator-key");
    }

    /// Host and port of the registry, as they stand in references.
    String registry() {
        return HOST + ":" + registryPort;
    }

    Path pushToken() {
        return folder.resolve("registry").resolve("push-token");
    }

    /// The command that starts each process.
    Path command() {
        return gantry;
    }

    Path logs() {
        return logs;
    }

    OperatorClient operator() {
        return OperatorClient.at(URI.create(operatorUrl()), read(operatorKey()));
    }

    /// Ends the devices first, then what serves them.
    @Override
    public void close() {
        parts.reversed().forEach(Part::close);
    }
}
