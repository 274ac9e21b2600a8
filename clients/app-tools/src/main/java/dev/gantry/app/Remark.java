// SPDX-License-Identifier: Apache-2.0
package dev.gantry.app;

import java.nio.file.Path;

/// Something that lint has to say about one line.
///
/// @param line counted from 1
/// @param rule the requirement id, or empty where the standard has none
public record Remark(Severity severity, Path file, int line, String rule, String message) {
    /// Whether a package can be made all the same.
    public enum Severity {
        /// No package is made.
        ERROR,
        /// It should be done better.
        ADVICE
    }

    static Remark error(Path file, int line, String rule, String message) {
        return new Remark(Severity.ERROR, file, line, rule, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// `margo.yaml:12: AD-013 …`, which editors turn into a link.
    @Override
    public String toString() {
        String word = isError() ? "" : "advice: ";
        return file + ":" + line + ": " + word + (rule.isEmpty() ? "" : rule + " ") + message;
    }
}
