// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.cli.demo.DemoCommand;
import dev.gantry.content.Fault;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// The command `gantry`, but for the processes that it starts.
@Command(
        name = "gantry",
        description = "Manages applications on fleets of industrial edge devices, as the Margo standard says.",
        synopsisSubcommandLabel = "<command>",
        mixinStandardHelpOptions = true,
        versionProvider = CliMain.Version.class,
        subcommands = {
            HelpCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            DeployCommand.class,
            DeleteCommand.class,
            WaitCommand.class,
            DeviceCommand.class,
            AppCommand.class,
            DemoCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footerHeading = "%nProcesses: gantry server | agent | mis | registry, each with flags, GANTRY_… or a --config"
                + " file.%n%n",
        footer = {
            "Exit codes: 0 done; 1 refused or failed, the message says what to do; 2 wrong arguments;",
            "6 still waiting when the time was up; 7 what was waited for has failed."
        })
public final class CliMain {
    static final int FAILED = 1;
    static final int TIMED_OUT = 6;
    static final int NOT_AS_WANTED = 7;

    private CliMain() {}

    /// The version of this build.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CliMain.class.getPackage().getImplementationVersion();
            return new String[] {"gantry " + (version == null ? "(not packaged)" : version)};
        }
    }

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        var line = new CommandLine(new CliMain());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((exception, command, _) -> {
            if (exception instanceof Fault fault) {
                command.getErr().println("gantry: " + fault.getMessage());
                return FAILED;
            }
            throw exception;
        });
        if (arguments.length == 0) {
            line.usage(System.out);
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(arguments);
    }
}
