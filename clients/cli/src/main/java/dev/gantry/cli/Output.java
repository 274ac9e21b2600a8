// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// How a command shows what it read: a table for people, JSON or YAML for programs, with the members that the
/// operator API documents.
public final class Output {
    /// The forms.
    enum Form {
        TABLE,
        JSON,
        YAML
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Form form = Form.TABLE;

    /// Shows rows; the columns are members, dotted for inner ones.
    void rows(PrintWriter out, List<Tree.Obj> rows, String... columns) {
        switch (form) {
            case JSON -> out.print(Json.pretty(Tree.of(rows)));
            case YAML -> out.print(Yaml.write(Tree.of(rows)).text());
            case TABLE -> table(out, rows, List.of(columns));
        }
        out.flush();
    }

    /// Shows one document, whole.
    void document(PrintWriter out, Tree.Obj document) {
        out.print(
                form == Form.JSON ? Json.pretty(document) : Yaml.write(document).text());
        out.flush();
    }

    /// Says one sentence to people, or shows the document to programs.
    void said(PrintWriter out, String sentence, Tree.Obj document) {
        if (form == Form.TABLE) {
            out.println(sentence);
            out.flush();
        } else {
            document(out, document);
        }
    }

    public static void table(PrintWriter out, List<Tree.Obj> rows, List<String> columns) {
        var lines = new ArrayList<List<String>>();
        lines.add(
                columns.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList());
        rows.forEach(row ->
                lines.add(columns.stream().map(column -> cell(row.get(column))).toList()));
        int[] widths = new int[columns.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        for (List<String> line : lines) {
            var text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static String cell(Optional<Tree> value) {
        return value.map(Output::text).orElse("-");
    }

    /// A value as people read it.
    static String text(Tree value) {
        return switch (value) {
            case Tree.Str(var text) -> text;
            case Tree.Num(var number) -> Json.decimal(number);
            case Tree.Bool(var bool) -> Boolean.toString(bool);
            case Tree.Null _ -> "-";
            case Tree.Arr(var items) -> items.stream().map(Output::text).collect(Collectors.joining(","));
            case Tree.Obj(var members) ->
                members.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                        .collect(Collectors.joining(" "));
        };
    }

    /// The text of a member; empty where it is absent.
    public static String member(Tree.Obj row, String name) {
        return row.get(name).map(Output::text).orElse("");
    }
}
