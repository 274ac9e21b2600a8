// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture.planted.bare;

import com.tngtech.archunit.core.domain.JavaClass;

/// In a package without a package-info.
@SuppressWarnings("all")
class Bare {
    Class<JavaClass> library() {
        return JavaClass.class;
    }
}
