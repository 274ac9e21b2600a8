// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture.planted.util;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.gantry.architecture.planted.core.Mistakes;

/// A name that says nothing, in a package that says nothing, with an arrow that points the wrong way.
@SuppressWarnings("all")
class ThingManager {
    Mistakes mistakes = new Mistakes();

    Class<JavaClass> library() {
        return JavaClass.class;
    }
}
