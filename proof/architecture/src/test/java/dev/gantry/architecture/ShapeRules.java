// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// How classes, packages and signatures look everywhere in the product.
final class ShapeRules {
    private static final Set<String> EMPTY_WORDS =
            Set.of("impl", "util", "utils", "common", "service", "services", "dto", "helper", "helpers", "misc");
    private static final List<String> EMPTY_ENDINGS = List.of("Manager", "Impl", "Util", "Utils", "Helper");
    private static final List<String> ASYNCHRONOUS = List.of(
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.Flow",
            "org.reactivestreams.",
            "reactor.",
            "io.reactivex.",
            "io.vertx.core.Future");

    private ShapeRules() {}

    static Rule noAsynchronousSignatures() {
        return new Rule(
                "return the value and block: callers are on virtual threads",
                type -> type.getCodeUnits().stream()
                        .filter(unit -> !unit.getModifiers().contains(JavaModifier.PRIVATE)
                                && !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .flatMap(unit -> Stream.concat(
                                        Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                                .map(JavaType::getAllInvolvedRawTypes)
                                .flatMap(Set::stream)
                                .map(JavaClass::getName)
                                .filter(name -> ASYNCHRONOUS.stream().anyMatch(name::startsWith))
                                .map(name -> "has " + name + " in the signature of " + unit.getName())));
    }

    static Rule noStaticMutableState() {
        return new Rule(
                "make it final, or a field of what owns it",
                type -> type.getFields().stream()
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC)
                                && !field.getModifiers().contains(JavaModifier.FINAL)
                                && !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .map(field -> "has the static field " + field.getName() + " that is not final"));
    }

    static Rule noEmptyPackageNames() {
        return new Rule(
                "name the package after what happens in it",
                type -> Stream.of(type.getPackageName().split("\\.", -1))
                        .filter(EMPTY_WORDS::contains)
                        .map(word -> "is in a package named " + word));
    }

    /// A class that implements what somebody else named so (`X509TrustManager`) may say so.
    static Rule noEmptyClassNames() {
        return new Rule(
                "a name with such an ending hides what the thing is; find the word of the standard for it",
                type -> EMPTY_ENDINGS.stream()
                        .filter(ending -> type.getSimpleName().endsWith(ending))
                        .filter(ending -> Stream.concat(
                                        type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                                .noneMatch(parent -> !parent.getName().startsWith("dev.gantry.")
                                        && parent.getSimpleName().endsWith(ending)))
                        .map(ending -> "is named *" + ending));
    }

    static Rule everyPackageIsNullMarked() {
        return new Rule(
                "add a package-info.java with @NullMarked that says which file to read first",
                type -> type.getPackage().getClasses().stream()
                                .filter(other -> other.getSimpleName().equals("package-info"))
                                .anyMatch(info -> info.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                        ? Stream.empty()
                        : Stream.of("is in a package that is not @NullMarked"));
    }
}
