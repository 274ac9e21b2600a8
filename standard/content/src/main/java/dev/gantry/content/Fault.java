// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Trouble that ends this piece of work; its kind says whose turn it is now. One `switch` at the edge turns kinds
/// into
/// HTTP numbers or exit codes. Answers that a caller should expect are values, never faults.
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN_FINDINGS = 5;

    /// Whose turn it is.
    public enum Kind {
        /// What was sent cannot be read or breaks a rule: the sender's turn.
        INVALID,
        /// The sender may not do this.
        REFUSED,
        /// What the sender named is not there.
        MISSING,
        /// Something else changed it first: read again.
        CONFLICT,
        /// Not now: wait.
        UNAVAILABLE,
        /// Ours to repair.
        BROKEN
    }

    private final Kind kind;
    private final transient List<Finding> findings;

    public Fault(Kind kind, String message) {
        this(kind, message, List.of(), null);
    }

    public Fault(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, List.of(), cause);
    }

    private Fault(Kind kind, String message, List<Finding> findings, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.findings = List.copyOf(findings);
    }

    /// Something that was sent breaks a rule.
    public static Fault invalid(String message) {
        return new Fault(Kind.INVALID, message);
    }

    /// A document that can be read but breaks these rules; the message names the first few of them.
    public static Fault invalid(String document, List<Finding> findings) {
        String shown =
                findings.stream().limit(SHOWN_FINDINGS).map(Finding::toString).collect(Collectors.joining("; "));
        String more = findings.size() > SHOWN_FINDINGS ? "; and " + (findings.size() - SHOWN_FINDINGS) + " more" : "";
        return new Fault(Kind.INVALID, document + " is not valid: " + shown + more, findings, null);
    }

    public Kind kind() {
        return kind;
    }

    /// What is wrong field by field; empty where the whole could not be read.
    public List<Finding> findings() {
        return findings;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
