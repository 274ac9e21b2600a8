// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli.demo;

import dev.gantry.app.ApplicationFolder;
import dev.gantry.app.Pack;
import dev.gantry.cli.AppCommand;
import dev.gantry.cli.DeployCommand;
import dev.gantry.cli.OperatorClient;
import dev.gantry.cli.Output;
import dev.gantry.cli.WaitCommand;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gantry demo`: starts the whole system with real processes and lives through a story, each time waiting for
/// the device's word.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the whole system on this machine: identity service, registry, fleet manager and three devices.",
            "Julia runs a cheese plant. SoftSense sells a vibration monitor, SmartCam a quality camera;"
                    + " her three devices come from three suppliers."
        },
        footer = {"%nExit codes: 0 every step reached its state; 1 one did not, the message says which and why."})
public final class DemoCommand implements Callable<Integer> {
    private static final String SOFTSENSE = "com-softsense-vibration-monitor";
    private static final Duration REPORT = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(200);

    @Option(names = "--exit", description = "End after the story instead of running on")
    private boolean exit;

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Keep everything here. Default: a new folder of its own")
    private @Nullable Path folder;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Path home = Path.of(Optional.ofNullable(System.getProperty("gantry.home"))
                .orElseThrow(() -> Fault.invalid("start the demo with the command gantry, which knows where it is")));
        Path place = folder == null ? Files.createTempDirectory("gantry-demo-") : folder;
        Disk.createFolder(place);
        var story = new Story(spec.commandLine().getOut());
        var plant = new Plant(home.resolve("bin").resolve("gantry"), place);
        var asked = new CountDownLatch(1);
        var hook = new Thread(
                () -> {
                    plant.close();
                    asked.countDown();
                },
                "demo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            tell(story, plant, home.resolve("examples"), place);
        } catch (Fault fault) {
            throw new Fault(
                    fault.kind(), fault.getMessage() + "\nThe logs of all processes are in " + plant.logs(), fault);
        }
        story.table();
        summary(story, plant);
        if (exit) {
            Runtime.getRuntime().removeShutdownHook(hook);
            try (OperatorClient wfm = plant.operator()) {
                new SmartCam(story, wfm, plant, home.resolve("examples"), place).remove();
            }
            plant.close();
            if (folder == null) {
                remove(place);
            }
            return 0;
        }
        story.say("everything runs on; Ctrl-C ends it");
        asked.await();
        return 0;
    }

    private static void tell(Story story, Plant plant, Path examples, Path place) throws InterruptedException {
        story.step("start the identity service (MIS)", () -> {
            plant.startIdentityService();
            return "serves discovery and trust bundle at " + plant.identityUrl();
        });
        story.step("start the registry", () -> {
            plant.startRegistry();
            return "at " + plant.registry();
        });
        story.step("start the fleet manager (WFM)", () -> {
            plant.startFleetManager();
            return "operator API at " + plant.operatorUrl();
        });
        try (OperatorClient wfm = plant.operator()) {
            for (String name : List.of("softsense", "softsense-1.1.0")) {
                story.step("pack, push and import " + name, () -> publish(plant, wfm, examples.resolve(name), place));
            }
            story.step("enrol and start three devices", () -> enrol(plant, wfm));
            story.step("approve them", () -> approve(story, wfm));
            vibration(story, wfm);
            new SmartCam(story, wfm, plant, examples, place).tell();
        }
    }

    /// What a supplier does with `gantry app pack` and `push`, and Julia with `gantry app import`.
    static String publish(Plant plant, OperatorClient wfm, Path sources, Path place) {
        Path layout = place.resolve("packed").resolve(String.valueOf(sources.getFileName()));
        Disk.createFolder(place.resolve("packed"));
        List<Pack.Packed> packed =
                Pack.into(layout, ApplicationFolder.of(sources), new Pack.Target(plant.registry(), Optional.empty()));
        AppCommand.push(layout, "gantry", plant.pushToken(), false, _ -> {});
        Tree.Obj application =
                wfm.importApplication(packed.getLast().reference().toString());
        return Output.member(application, "application") + "@" + Output.member(application, "version") + " "
                + Output.member(application, "digest").substring(0, 19) + "…";
    }

    private static String enrol(Plant plant, OperatorClient wfm) {
        DemoDevice.ALL.forEach(device -> plant.startDevice(device, Output.member(wfm.enrol(device.id()), "token")));
        return "one-time tokens, keys made on the devices";
    }

    private static String approve(Story story, OperatorClient wfm) throws InterruptedException {
        DemoDevice.ALL.forEach(device -> wfm.approve(device.id()));
        Instant limit = Instant.now().plus(REPORT);
        while (true) {
            List<Tree.Obj> reported = wfm.devices().stream()
                    .filter(row -> !Output.member(row, "device").isEmpty())
                    .toList();
            if (reported.size() == DemoDevice.ALL.size()) {
                reported.forEach(row -> story.say(Output.member(row, "device") + " of " + Output.member(row, "vendor")
                        + " takes " + Output.member(row, "deploymentTypes")));
                return "all three have reported what they can do";
            }
            if (Instant.now().isAfter(limit)) {
                throw new Fault(
                        Fault.Kind.UNAVAILABLE,
                        reported.size() + " of " + DemoDevice.ALL.size() + " devices have reported after "
                                + REPORT.toSeconds() + " s");
            }
            Thread.sleep(LOOK);
        }
    }

    private static void vibration(Story story, OperatorClient wfm) throws InterruptedException {
        story.step("deploy SoftSense 1.0.0 to every device", () -> {
            for (DemoDevice device : DemoDevice.ALL) {
                deploy(wfm, SOFTSENSE + "@1.0.0", device.id(), Map.of());
            }
            for (DemoDevice device : DemoDevice.ALL) {
                await(story, wfm, device.id(), SOFTSENSE, WaitCommand.State.INSTALLED);
            }
            return "installed on " + DemoDevice.ALL.size() + " devices";
        });
        story.step("change the threshold on press-01", () -> {
            deploy(wfm, SOFTSENSE + "@1.0.0", "press-01", Map.of("threshold", Tree.of(new BigDecimal("2.5"))));
            return await(story, wfm, "press-01", SOFTSENSE, WaitCommand.State.INSTALLED);
        });
        story.step("upgrade press-01 to SoftSense 1.1.0", () -> {
            deploy(wfm, SOFTSENSE + "@1.1.0", "press-01", Map.of());
            return await(story, wfm, "press-01", SOFTSENSE, WaitCommand.State.INSTALLED);
        });
    }

    static Tree.Obj deploy(OperatorClient wfm, String application, String device, Map<String, Tree> values) {
        return DeployCommand.deploy(wfm, application, device, Optional.empty(), Optional.empty(), values);
    }

    /// Waits for the device's word on the newest deployment of that name on that device.
    static String await(Story story, OperatorClient wfm, String device, String name, WaitCommand.State state)
            throws InterruptedException {
        String id = wfm.deployments().stream()
                .filter(row -> Output.member(row, "device").equals(device))
                .filter(row -> Output.member(row, "name").equals(name))
                .max(Comparator.comparing(row -> Output.member(row, "asked")))
                .map(row -> Output.member(row, "id"))
                .orElseThrow(() -> new Fault(Fault.Kind.MISSING, "no deployment " + name + " on " + device));
        WaitCommand.Outcome outcome = WaitCommand.until(wfm, id, state, RUN, story::say);
        if (outcome.code() != 0) {
            throw new Fault(Fault.Kind.BROKEN, outcome.sentence());
        }
        return "manifest " + Output.member(outcome.last(), "adoptedVersion") + " adopted, version "
                + Output.member(outcome.last(), "version") + " " + Output.member(outcome.last(), "state");
    }

    private static void summary(Story story, Plant plant) {
        story.say("operator API: " + plant.operatorUrl() + "/operator/v1/openapi.json");
        story.say("sign in:      export GANTRY_URL=" + plant.operatorUrl() + " GANTRY_KEY_FILE=" + plant.operatorKey());
        story.say("then:         gantry get deployments");
        story.say("registry:     http://" + plant.registry() + "/v2/   logs: " + plant.logs());
    }

    private static void remove(Path place) throws IOException {
        try (var files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
