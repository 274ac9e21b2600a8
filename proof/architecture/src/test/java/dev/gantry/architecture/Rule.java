// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Something that every class must keep to.
///
/// @param instead what to do instead; it ends the message of a failure
/// @param breaches what is wrong with one class, one short line each
record Rule(String instead, Function<JavaClass, Stream<String>> breaches) {
    /// What is wrong with these classes, each line with the advice; empty when the rule is kept.
    List<String> brokenBy(Iterable<JavaClass> types) {
        var all = Stream.<String>builder();
        types.forEach(type -> breaches.apply(type)
                .map(breach -> type.getName() + " " + breach + ": " + instead)
                .forEach(all));
        return all.build().distinct().sorted().toList();
    }
}
