// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The modules of a checkout, as the root `pom.xml` lists them, and what was compiled of them.
///
/// @param root the folder of the root `pom.xml`
/// @param modules in the order of the list
public record Checkout(Path root, List<Module> modules) {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    public Checkout {
        modules = List.copyOf(modules);
    }

    /// A module.
    ///
    /// @param place its folder inside the checkout: `standard/spec`
    public record Module(Path root, String place) {
        /// The last part of its place: `spec`.
        public String name() {
            return place.substring(place.lastIndexOf('/') + 1);
        }

        /// Whether it is part of the product; the others are why we believe that the product works.
        public boolean product() {
            return !place.startsWith("proof/");
        }

        Path classes() {
            return root.resolve(place).resolve("target/classes");
        }

        Path testClasses() {
            return root.resolve(place).resolve("target/test-classes");
        }

        private boolean contains(JavaClass type) {
            return type.getSource()
                    .map(source -> source.getUri()
                            .toString()
                            .contains(root.resolve(place).toUri().getPath() + "target/"))
                    .orElse(false);
        }
    }

    /// Reads the list of modules.
    ///
    /// @throws IOException also when a module that has sources was not compiled; the message names it
    public static Checkout at(Path root) throws IOException {
        Path real = root.toRealPath();
        List<Module> modules = MODULE.matcher(Files.readString(real.resolve("pom.xml")))
                .results()
                .map((MatchResult found) -> new Module(real, found.group(1)))
                .toList();
        for (Module module : modules) {
            boolean sources = Files.isDirectory(real.resolve(module.place()).resolve("src/main/java"));
            if (sources && !Files.isDirectory(module.classes())) {
                throw new IOException(module.place() + " is not compiled: run ./gantry test --quick");
            }
        }
        return new Checkout(real, modules);
    }

    /// The compiled classes of the product.
    public JavaClasses product() {
        return imported(modules.stream().filter(Module::product).toList(), Module::classes);
    }

    /// The compiled classes of every module, without tests.
    public JavaClasses main() {
        return imported(modules, Module::classes);
    }

    /// The compiled tests of every module.
    public JavaClasses tests() {
        return imported(modules, Module::testClasses);
    }

    private static JavaClasses imported(List<Module> modules, Function<Module, Path> folder) {
        return new ClassFileImporter()
                .importPaths(
                        modules.stream().map(folder).filter(Files::isDirectory).toList());
    }

    /// The name of the module that a class was compiled in; empty when it comes from elsewhere.
    public String moduleOf(JavaClass type) {
        return modules.stream()
                .filter(module -> module.contains(type))
                .map(Module::name)
                .findFirst()
                .orElse("");
    }
}
