// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Blob;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry deploy`: puts an application on a device, or changes what is there under that name.
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = {
            "Puts an application on a device. Where the device has a deployment of that name already, its version and"
                    + " values are changed and its id stays; values that are not named keep theirs."
        },
        footer = {
            "%nExamples:",
            "  gantry deploy com-softsense-vibration-monitor@1.0.0 --to press-01 --set threshold=4.5",
            "  gantry deploy com-softsense-vibration-monitor@1.1.0 --to press-01"
        })
public final class DeployCommand implements Runnable {
    @Parameters(paramLabel = "APPLICATION@VERSION", description = "Which package of the catalogue")
    private String application = "";

    @Option(names = "--to", required = true, paramLabel = "DEVICE", description = "Which device")
    private String device = "";

    @Option(names = "--name", description = "Name of the deployment. Default: the application's id")
    private @Nullable String name;

    @Option(names = "--profile", description = "Which deployment profile. Default: the first that fits the device")
    private @Nullable String profile;

    @Option(
            names = "--set",
            paramLabel = "PARAMETER=VALUE",
            description = "A value: 4.5 is a number, true a boolean, '\"4.5\"' a text")
    private Map<String, String> values = new LinkedHashMap<>();

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        try (OperatorClient wfm = connection.open()) {
            Tree.Obj result = deploy(
                    wfm, application, device, Optional.ofNullable(name), Optional.ofNullable(profile), typed(values));
            output.said(
                    spec.commandLine().getOut(),
                    "deployment " + Output.member(result, "name") + " (" + Output.member(result, "id") + ") of "
                            + application + " is in the manifest of " + device + " since version "
                            + Output.member(result, "sinceVersion"),
                    result);
        }
    }

    /// Deploys, or changes the deployment of that name on that device.
    public static Tree.Obj deploy(
            OperatorClient wfm,
            String application,
            String device,
            Optional<String> name,
            Optional<String> profile,
            Map<String, Tree> values) {
        String wanted = name.orElseGet(() -> application.split("@", 2)[0]);
        Optional<Tree.Obj> present = wfm.deployments().stream()
                .filter(found -> Output.member(found, "wanted").equals("installed"))
                .filter(found -> Output.member(found, "device").equals(device))
                .filter(found -> Output.member(found, "name").equals(wanted))
                .findFirst();
        if (present.isPresent()) {
            return wfm.change(Output.member(present.get(), "id"), Optional.of(application), values);
        }
        return wfm.deploy(Tree.members()
                .put("application", application)
                .put("device", device)
                .put("name", wanted)
                .putText("profile", profile)
                .put("values", Tree.of(values))
                .build());
    }

    /// Values as YAML reads them, so that types survive.
    static Map<String, Tree> typed(Map<String, String> texts) {
        var result = new LinkedHashMap<String, Tree>();
        texts.forEach(
                (parameter, text) -> result.put(parameter, text.isEmpty() ? Tree.of("") : Yaml.read(Blob.utf8(text))));
        return result;
    }
}
