// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import dev.gantry.spec.Requirements;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `./gantry requirements [-o table|json|markdown] [--write]`: which requirement is kept and shown where. `--write`
/// replaces `docs/standard.md` instead of printing. Exit code 2 for wrong arguments, 1 when an unknown id is carried.
public final class RequirementsMain {
    private static final String USAGE = "usage: gantry requirements [-o table|json|markdown] [--write]";

    private RequirementsMain() {}

    /// Prints or writes the page; the system property `gantry.checkout` names the checkout, else it is the working
    /// folder.
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(System.getProperty("gantry.checkout", "."));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(root, List.of(arguments), out, System.err));
    }

    static int run(Path root, List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        Optional<String> format = switch (arguments) {
            case List<String> none when none.isEmpty() -> Optional.of("table");
            case List<String> one when one.equals(List.of("--write")) -> Optional.of("write");
            case List<String> two
            when two.size() == 2 && two.getFirst().equals("-o") ->
                Optional.of(two.get(1)).filter(List.of("table", "json", "markdown")::contains);
            default -> Optional.empty();
        };
        if (format.isEmpty()) {
            err.println(USAGE);
            return 2;
        }
        Trace trace = Trace.of(Checkout.at(root));
        var page = new RequirementsPage(Requirements.all().values(), Requirements.readings(), trace);
        switch (format.get()) {
            case "json" -> out.print(page.json());
            case "markdown" -> out.print(page.markdown());
            case "write" -> {
                Path file = Files.createDirectories(root.resolve("docs")).resolve("standard.md");
                Files.writeString(file, page.markdown());
                err.println("wrote " + file);
            }
            default -> out.print(page.table());
        }
        List<String> unknown = trace.ids().stream()
                .filter(id -> !Requirements.all().containsKey(id))
                .toList();
        unknown.forEach(id -> err.println("no such requirement: " + id + " at "
                + trace.code().get(id) + " " + trace.tests().get(id)));
        return unknown.isEmpty() ? 0 : 1;
    }
}
