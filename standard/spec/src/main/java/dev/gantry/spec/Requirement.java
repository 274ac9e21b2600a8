// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/// The requirement ids of the standard that a piece of code carries, or that a test shows. The list of all ids is
/// the
/// resource `requirements.tsv` beside this class; `docs/standard.md` is generated from both.
@Documented
@Retention(RetentionPolicy.RUNTIME)
public @interface Requirement {
    String[] value();
}
