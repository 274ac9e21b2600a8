// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli.demo;

import dev.gantry.cli.Output;
import dev.gantry.content.Tree;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What happened, step by step, with times.
final class Story {
    private final PrintWriter out;
    private final Instant start = Instant.now();
    private final List<Tree.Obj> rows = new ArrayList<>();

    Story(PrintWriter out) {
        this.out = out;
    }

    /// A step of the story.
    @FunctionalInterface
    interface Step {
        /// Does it and says how it ended.
        String take() throws InterruptedException;
    }

    void step(String what, Step step) throws InterruptedException {
        say(what + " …");
        Instant begun = Instant.now();
        String result = step.take();
        String seconds = seconds(Duration.between(begun, Instant.now()));
        rows.add(Tree.members()
                .put("step", rows.size() + 1)
                .put("what", what)
                .put("result", result)
                .put("seconds", seconds)
                .build());
    }

    /// A line of progress.
    void say(String line) {
        out.println("[" + seconds(Duration.between(start, Instant.now())) + " s] " + line);
        out.flush();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%5.1f", time.toMillis() / 1000.0);
    }

    void table() {
        out.println();
        Output.table(out, rows, List.of("step", "what", "result", "seconds"));
        out.println();
        out.flush();
    }
}
