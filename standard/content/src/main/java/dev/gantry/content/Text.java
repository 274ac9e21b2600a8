// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

/// How foreign text is shown in messages: short, on one line, and recognisable as foreign.
public final class Text {
    /// The longest foreign text that a message repeats, in characters.
    public static final int SHOWN = 80;

    private Text() {}

    /// The text in quotes, cut to [#SHOWN] characters, with control characters replaced.
    public static String quoted(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
