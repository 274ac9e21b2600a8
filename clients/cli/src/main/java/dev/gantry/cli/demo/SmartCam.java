// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli.demo;

import dev.gantry.cli.AppCommand;
import dev.gantry.cli.OperatorClient;
import dev.gantry.cli.Output;
import dev.gantry.cli.WaitCommand;
import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The part of the story that needs a container engine: left out, with the reason, where no device has one.
record SmartCam(Story story, OperatorClient wfm, Plant plant, Path examples, Path place) {
    private static final String ID = "com-smartcam-quality-camera";
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration REMOVAL = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(300);

    void tell() throws InterruptedException {
        Optional<String> device = wfm.devices().stream()
                .filter(row -> row.get("deploymentTypes").orElse(new Tree.Null()) instanceof Tree.Arr(var types)
                        && types.contains(Tree.of("compose")))
                .map(row -> Output.member(row, "device"))
                .findFirst();
        if (device.isEmpty()) {
            story.say("SmartCam is left out: no device found a Docker or Podman engine with Compose; start one, or set"
                    + " DOCKER_HOST, and run the demo again");
            return;
        }
        String target = device.get();
        int port = freePort();
        Map<String, Tree> values = Map.of("port", Tree.of(port));
        story.step("build and push SmartCam's images", this::images);
        story.step(
                "pack, push and import smartcam",
                () -> DemoCommand.publish(plant, wfm, examples.resolve("smartcam"), place));
        story.step("deploy SmartCam to " + target, () -> {
            DemoCommand.deploy(wfm, ID + "@1.0.0", target, values);
            return DemoCommand.await(story, wfm, target, ID, WaitCommand.State.INSTALLED);
        });
        story.step("remove SmartCam", this::remove);
        story.step("deploy SmartCam again", () -> {
            DemoCommand.deploy(wfm, ID + "@1.0.0", target, values);
            return DemoCommand.await(story, wfm, target, ID, WaitCommand.State.INSTALLED);
        });
        story.step("look at SmartCam's page", () -> page(port));
    }

    /// Takes SmartCam off whichever device has it; a container would outlive the demo.
    String remove() throws InterruptedException {
        Optional<String> id = wfm.deployments().stream()
                .filter(row -> Output.member(row, "name").equals(ID))
                .filter(row -> Output.member(row, "wanted").equals("installed"))
                .map(row -> Output.member(row, "id"))
                .findFirst();
        if (id.isPresent()) {
            wfm.withdraw(id.get());
            WaitCommand.Outcome outcome =
                    WaitCommand.until(wfm, id.get(), WaitCommand.State.REMOVED, REMOVAL, story::say);
            if (outcome.code() != 0) {
                throw new Fault(Fault.Kind.BROKEN, outcome.sentence());
            }
        }
        return "removed";
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "this machine has no free port: " + e.getMessage(), e);
        }
    }

    private String images() throws InterruptedException {
        Path layout = place.resolve("smartcam-images");
        Part builder = Part.start(
                plant.command(),
                "smartcam-images",
                plant.logs(),
                List.of("smartcam-images", plant.registry(), layout.toString(), "1.0.0"));
        builder.awaitEnd(Duration.ofMinutes(3));
        AppCommand.push(layout, "gantry", plant.pushToken(), false, _ -> {});
        return "assembled without a base image";
    }

    private static String page(int port) throws InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + port + "/");
        Instant limit = Instant.now().plus(ANSWER);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    var response =
                            client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() == 200) {
                        return address + " answers with " + response.body().length() + " characters";
                    }
                } catch (IOException _) {
                    // Not up yet; the limit below ends the waiting.
                }
                if (Instant.now().isAfter(limit)) {
                    throw new Fault(Fault.Kind.UNAVAILABLE, address + " does not answer");
                }
                Thread.sleep(LOOK);
            }
        }
    }
}
