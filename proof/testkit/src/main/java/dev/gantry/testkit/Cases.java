// SPDX-License-Identifier: Apache-2.0
package dev.gantry.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/// Folders of cases beside a test class, as resources: a new case is a new file or folder.
public final class Cases {
    private Cases() {}

    /// The files or folders directly under a resource folder, by name; fails when there is none, so that a moved
    /// folder
    /// never passes as an empty one.
    public static Stream<Path> under(Class<?> test, String folder) {
        try {
            URI place = Objects.requireNonNull(test.getResource(folder), () -> "no resource folder " + folder)
                    .toURI();
            try (Stream<Path> files = Files.list(Path.of(place))) {
                var sorted = files.sorted().toList();
                if (sorted.isEmpty()) {
                    throw new AssertionError("no cases in " + folder);
                }
                return sorted.stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
