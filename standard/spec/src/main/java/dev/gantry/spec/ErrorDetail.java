// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Fields;
import dev.gantry.content.Tree;
import java.util.Optional;

/// Why a deployment or a component is in its state. All three texts are always written; missing ones are read as
/// empty,
/// and an error whose texts are all empty is none (readings ).
///
/// @param source the component's name, the deployment's `metadata.name`, or a gateway's device id (MI-115 to
///     MI-117)
@Requirement({"MI-115", "MI-116", "MI-117", "MI-119"})
public record ErrorDetail(String code, String source, String message) {
    static Optional<ErrorDetail> read(Fields fields, String name) {
        return fields.object(name, "MI-119").flatMap(error -> {
            var detail = new ErrorDetail(
                    error.text("code", "MI-119").orElse(""),
                    error.text("source", "MI-116").orElse(""),
                    error.text("message", "MI-119").orElse(""));
            boolean empty = (detail.code + detail.source + detail.message).isEmpty();
            return empty ? Optional.empty() : Optional.of(detail);
        });
    }

    public Tree.Obj tree() {
        return Tree.members()
                .put("code", code)
                .put("source", source)
                .put("message", message)
                .build();
    }
}
