// SPDX-License-Identifier: Apache-2.0
package dev.gantry.launcher;

import java.util.List;
import java.util.Optional;

/// One row of `commands.tsv`: what a subcommand starts.
///
/// @param name the subcommand, or `*` for every other one
/// @param jars file names in the folder of the table; their manifests name the rest of the class path
/// @param main the class to start
/// @param options for a Java of its own; a program started inside the launcher does without
record Command(String name, List<String> jars, String main, String options) {
    private static final String EVERY_OTHER = "*";
    private static final int COLUMNS = 4;

    Command {
        jars = List.copyOf(jars);
    }

    /// Reads the table: tabs between columns, `#` before remarks.
    ///
    /// @throws IllegalArgumentException when a row has another number of columns; it names the row
    static List<Command> table(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Command::row)
                .toList();
    }

    private static Command row(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("not a row of " + COLUMNS + " columns: " + line);
        }
        return new Command(columns[0], List.of(columns[1].split(" ")), columns[2], columns[3]);
    }

    /// The first row that fits a subcommand.
    static Optional<Command> named(String subcommand, List<Command> table) {
        return table.stream()
                .filter(command -> command.name.equals(subcommand) || command.isEveryOther())
                .findFirst();
    }

    /// What the program gets of the words that the launcher got: the command line gets all of them, the main of a
    /// process those after its own name.
    List<String> arguments(List<String> words) {
        return isEveryOther() ? words : words.subList(1, words.size());
    }

    private boolean isEveryOther() {
        return name.equals(EVERY_OTHER);
    }
}
