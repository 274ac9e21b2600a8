// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.Requirements;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Where each requirement is kept, and where that is shown: what carries `@Requirement` in compiled classes. Tests, and
/// everything under `proof/`, show; everything else keeps.
///
/// @param code by id, places such as `Conditions.accepts`
/// @param tests by id, the same
record Trace(SortedMap<String, SortedSet<String>> code, SortedMap<String, SortedSet<String>> tests) {
    /// How far a requirement has come.
    enum State {
        DONE("done"),
        CODE("code only"),
        TEST("test only"),
        OPEN("open");

        final String shown;

        State(String shown) {
            this.shown = shown;
        }
    }

    /// Collects the ids of a checkout.
    static Trace of(Checkout checkout) {
        var trace = new Trace(new TreeMap<>(), new TreeMap<>());
        JavaClasses product = checkout.product();
        collect(product, trace.code);
        Iterable<JavaClass> proof = () -> checkout.main().stream()
                .filter(type -> !product.contain(type.getName()))
                .iterator();
        collect(proof, trace.tests);
        Iterable<JavaClass> tests =
                () -> checkout.tests().stream().filter(type -> !planted(type)).iterator();
        collect(tests, trace.tests);
        return trace;
    }

    /// Mistakes that were planted for a rule to find show nothing.
    private static boolean planted(JavaClass type) {
        return type.getPackageName().startsWith(Trace.class.getPackageName() + ".planted");
    }

    static void collect(Iterable<JavaClass> types, Map<String, SortedSet<String>> places) {
        for (JavaClass type : types) {
            String name =
                    type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
            ids(type).forEach(id -> add(id, name, places));
            for (JavaMember member : type.getMembers()) {
                String place = member.getName().equals("<init>") ? name : name + "." + member.getName();
                ids(member).forEach(id -> add(id, place, places));
            }
        }
    }

    private static void add(String id, String place, Map<String, SortedSet<String>> places) {
        places.computeIfAbsent(id, _ -> new TreeSet<>()).add(place);
    }

    private static Stream<String> ids(HasAnnotations<?> annotated) {
        return annotated.getAnnotations().stream()
                .filter(annotation -> annotation.getRawType().isEquivalentTo(Requirement.class))
                .flatMap(Trace::value);
    }

    private static Stream<String> value(JavaAnnotation<?> annotation) {
        return annotation.get("value").stream()
                .flatMap(value -> value instanceof Object[] many ? Arrays.stream(many) : Stream.of(value))
                .map(String::valueOf);
    }

    /// How far a requirement has come.
    State state(Requirements.Row requirement) {
        boolean kept = code.containsKey(requirement.id());
        boolean shown = tests.containsKey(requirement.id());
        if (kept) {
            return shown ? State.DONE : State.CODE;
        }
        return shown ? State.TEST : State.OPEN;
    }

    /// Every id that something carries.
    SortedSet<String> ids() {
        var all = new TreeSet<>(code.keySet());
        all.addAll(tests.keySet());
        return all;
    }
}
