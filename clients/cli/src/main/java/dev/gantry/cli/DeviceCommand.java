// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Tree;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry device`: who may take part.
@Command(
        name = "device",
        mixinStandardHelpOptions = true,
        description = "Enrols, approves, lists and retires devices.",
        footer = {
            "%nA device takes part after two steps: 'enrol' gives it an identity, 'approve' lets this WFM serve it."
        })
final class DeviceCommand {
    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "enrol",
            mixinStandardHelpOptions = true,
            description = "Makes a one-time token with which a device gets its identity.")
    int enrol(
            @Parameters(paramLabel = "CLIENT", description = "The wfm-client-id: letters, digits, '.', '-', '_'")
                    String client,
            @Option(
                            names = "--token-file",
                            paramLabel = "FILE",
                            description = "Write the token here, readable by you only, instead of showing it")
                    @Nullable
                    Path file,
            @Mixin Connection connection) {
        try (OperatorClient wfm = connection.open()) {
            Tree.Obj token = wfm.enrol(client);
            if (file == null) {
                output.said(spec.commandLine().getOut(), Output.member(token, "token"), token);
            } else {
                Disk.replaceSecret(file, Blob.utf8(Output.member(token, "token") + "\n"));
                spec.commandLine()
                        .getOut()
                        .println("token for " + client + " is in " + file + ", valid until "
                                + Output.member(token, "expires"));
            }
            return 0;
        }
    }

    @Command(name = "approve", mixinStandardHelpOptions = true, description = "Serves a client from now on.")
    int approve(
            @Parameters(paramLabel = "CLIENT", description = "The wfm-client-id") String client,
            @Mixin Connection connection) {
        try (OperatorClient wfm = connection.open()) {
            output.said(spec.commandLine().getOut(), "client " + client + " is accepted", wfm.approve(client));
            return 0;
        }
    }

    @Command(
            name = "retire",
            mixinStandardHelpOptions = true,
            description = "Serves a client no more, although its identity may still be valid.")
    int retire(
            @Parameters(paramLabel = "CLIENT", description = "The wfm-client-id") String client,
            @Mixin Connection connection) {
        try (OperatorClient wfm = connection.open()) {
            output.said(spec.commandLine().getOut(), "client " + client + " is retired", wfm.retire(client));
            return 0;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The same as 'gantry get devices'.")
    int list(@Mixin Connection connection) {
        try (OperatorClient wfm = connection.open()) {
            output.rows(
                    spec.commandLine().getOut(),
                    wfm.devices(),
                    "client",
                    "standing",
                    "device",
                    "vendor",
                    "model",
                    "deploymentTypes",
                    "reported");
            return 0;
        }
    }
}
