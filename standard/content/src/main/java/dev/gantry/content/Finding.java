// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

/// One thing that is wrong in a document: where, by which rule, and what to do about it.
///
/// @param field the path of the member, dotted with indexes: `spec.deploymentProfile.components[0].name`; empty
///     for the
///     document itself
/// @param rule the requirement id that it breaks, such as `DP-006`; empty where no requirement says it
/// @param message what is wrong, in words that make sense beside the field's name
public record Finding(String field, String rule, String message) {
    @Override
    public String toString() {
        return (field.isEmpty() ? "" : field + " ") + message + (rule.isEmpty() ? "" : " (" + rule + ")");
    }
}
