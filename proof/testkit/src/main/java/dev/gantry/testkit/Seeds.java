// SPDX-License-Identifier: Apache-2.0
package dev.gantry.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// A test that runs once for each of the seeds `from`, `from + 1`, …; the seed is the test's argument and stands
/// in its
/// name, so that a failure says how to repeat it.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "seed {0}")
@ArgumentsSource(Seeds.Provider.class)
public @interface Seeds {
    /// How many seeds.
    int value();

    /// The first seed.
    long from() default 1;

    /// Hands out the seeds.
    final class Provider implements ArgumentsProvider, AnnotationConsumer<Seeds> {
        private long from;
        private int count;

        @Override
        public void accept(Seeds seeds) {
            from = seeds.from();
            count = seeds.value();
        }

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return LongStream.range(from, from + count).mapToObj(Arguments::of);
        }
    }
}
