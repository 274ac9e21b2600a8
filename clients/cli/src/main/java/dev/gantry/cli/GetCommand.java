// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry get`: lists.
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Lists applications, devices or deployments.",
        footer = {"%nExamples:", "  gantry get devices", "  gantry get deployments -o json"})
final class GetCommand implements Runnable {
    /// What can be listed.
    enum What {
        APPS,
        DEVICES,
        DEPLOYMENTS
    }

    @Parameters(paramLabel = "apps|devices|deployments", description = "What to list")
    private What what = What.DEPLOYMENTS;

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        try (OperatorClient wfm = connection.open()) {
            var out = spec.commandLine().getOut();
            switch (what) {
                case APPS ->
                    output.rows(out, wfm.applications(), "application", "version", "name", "digest", "imported");
                case DEVICES ->
                    output.rows(
                            out,
                            wfm.devices(),
                            "client",
                            "standing",
                            "device",
                            "vendor",
                            "model",
                            "deploymentTypes",
                            "reported");
                case DEPLOYMENTS ->
                    output.rows(
                            out,
                            wfm.deployments(),
                            "name",
                            "application",
                            "version",
                            "device",
                            "wanted",
                            "state",
                            "current",
                            "error",
                            "id");
            }
        }
    }
}
