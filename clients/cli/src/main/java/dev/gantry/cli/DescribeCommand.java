// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry describe`: one thing, whole.
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Shows one application, device or deployment with everything that is known.",
        footer = {"%nExamples:", "  gantry describe deployment vibration", "  gantry describe app com-example-app@1.0.0"
        })
final class DescribeCommand implements Runnable {
    /// What can be shown.
    enum What {
        APP,
        DEVICE,
        DEPLOYMENT
    }

    @Parameters(index = "0", paramLabel = "app|device|deployment", description = "What kind of thing")
    private What what = What.DEPLOYMENT;

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            description = "application@version, device id, or deployment name or id")
    private String name = "";

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        try (OperatorClient wfm = connection.open()) {
            Tree.Obj found = switch (what) {
                case APP -> wfm.application(name);
                case DEPLOYMENT -> wfm.deployment(name);
                case DEVICE ->
                    wfm.devices().stream()
                            .filter(device -> Output.member(device, "device").equals(name)
                                    || Output.member(device, "client").equals(name))
                            .findFirst()
                            .orElseThrow(() -> new Fault(
                                    Fault.Kind.MISSING,
                                    "there is no device " + name + "; 'gantry get devices' lists them"));
            };
            output.document(spec.commandLine().getOut(), found);
        }
    }
}
