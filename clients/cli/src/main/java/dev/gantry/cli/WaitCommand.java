// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry wait`: waits for the device's word, never for a wish.
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = "Waits until the device says that a deployment is as it should be.",
        footer = {"%nExample:", "  gantry wait vibration --for installed --timeout 2m"})
public final class WaitCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(300);

    /// What can be waited for.
    public enum State {
        INSTALLED,
        REMOVED,
        FAILED
    }

    @Parameters(paramLabel = "DEPLOYMENT", description = "Name or id")
    private String deployment = "";

    @Option(names = "--for", paramLabel = "STATE", description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private State state = State.INSTALLED;

    @Option(names = "--timeout", paramLabel = "TIME", description = "90s, 5m. Default: ${DEFAULT-VALUE}")
    private String timeout = "2m";

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (OperatorClient wfm = connection.open()) {
            Tree.Obj found = wfm.deployment(deployment);
            Outcome outcome = until(
                    wfm,
                    Output.member(found, "id"),
                    state,
                    duration(timeout),
                    line -> spec.commandLine().getErr().println(line));
            output.said(spec.commandLine().getOut(), outcome.sentence(), outcome.last());
            return outcome.code();
        }
    }

    /// How waiting ended.
    ///
    /// @param code 0, or the exit code that says why not
    public record Outcome(int code, String sentence, Tree.Obj last) {}

    /// Waits. Each change of the device's word goes to `progress`.
    public static Outcome until(
            OperatorClient wfm, String id, State wanted, Duration timeout, Consumer<String> progress)
            throws InterruptedException {
        Instant limit = Instant.now().plus(timeout);
        String before = "";
        while (true) {
            Tree.Obj last = wfm.deployment(id);
            boolean current = Output.member(last, "current").equals("true");
            String said = current ? Output.member(last, "state") : "not yet begun";
            String name = Output.member(last, "name") + " on " + Output.member(last, "device");
            if (!said.equals(before)) {
                progress.accept(name + ": " + said);
                before = said;
            }
            if (current && said.equalsIgnoreCase(wanted.name())) {
                return new Outcome(0, name + " is " + said, last);
            }
            if (current && said.equals("failed")) {
                return new Outcome(CliMain.NOT_AS_WANTED, name + " has failed: " + Output.member(last, "error"), last);
            }
            if (Instant.now().isAfter(limit)) {
                return new Outcome(
                        CliMain.TIMED_OUT, name + " is still " + said + " after " + timeout.toSeconds() + " s", last);
            }
            Thread.sleep(LOOK);
        }
    }

    private static Duration duration(String text) {
        if (!text.matches("[0-9]{1,6}[smh]")) {
            throw Fault.invalid("--timeout takes a number with s, m or h, such as 90s; not " + text);
        }
        return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
    }
}
