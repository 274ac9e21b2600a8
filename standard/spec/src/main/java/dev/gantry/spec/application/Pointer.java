// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A JSON Pointer (RFC 6901): where a member stands below some root.
///
/// @param text as it stands in the document; empty names the root itself
@Requirement("AD-039")
public record Pointer(String text) {
    private static final Pattern FORM = Pattern.compile("(/([^~/]|~[01])*)*");
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final int LONGEST = 1000;

    public Pointer {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw Fault.invalid(Text.quoted(text) + " is not a JSON Pointer such as /peripherals");
        }
    }

    /// What stands there; empty when a step leads nowhere.
    public Optional<Tree> in(Tree root) {
        Optional<Tree> found = Optional.of(root);
        for (String step : steps()) {
            found = found.flatMap(tree -> step(tree, step));
        }
        return found;
    }

    private List<String> steps() {
        if (text.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(text.substring(1).split("/", -1))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    private static Optional<Tree> step(Tree tree, String step) {
        return switch (tree) {
            case Tree.Obj object -> object.get(step);
            case Tree.Arr(var items)
            when INDEX.matcher(step).matches() && Integer.parseInt(step) < items.size() ->
                Optional.of(items.get(Integer.parseInt(step)));
            case Tree.Arr _, Tree.Str _, Tree.Num _, Tree.Bool _, Tree.Null _ -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
