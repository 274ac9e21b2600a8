// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Tree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry delete`: takes an application off its device.
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Takes an application off its device. 'gantry wait <name> --for removed' waits for the device's word.")
final class DeleteCommand implements Runnable {
    @Parameters(paramLabel = "DEPLOYMENT", description = "Name or id")
    private String deployment = "";

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        try (OperatorClient wfm = connection.open()) {
            Tree.Obj result = wfm.withdraw(deployment);
            output.said(
                    spec.commandLine().getOut(),
                    "deployment " + Output.member(result, "name") + " (" + Output.member(result, "id")
                            + ") is no longer in the manifest of " + Output.member(result, "device"),
                    result);
        }
    }
}
