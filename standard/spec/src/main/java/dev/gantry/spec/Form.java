// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.regex.Pattern;

/// The patterns of the standard, anchored at both true ends.
final class Form {
    static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*");
    static final Pattern APPLICATION = Pattern.compile("[-a-z0-9]{1,200}");
    static final Pattern COMPONENT = Pattern.compile("[a-z0-9-]{1,200}");
    static final Pattern CLIENT = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,255}");
    static final Pattern REPOSITORY = Pattern.compile("oci://.+");
    static final Pattern MEMORY = Pattern.compile("[0-9]+(Mi|Gi|Ki)");
    static final Pattern STORAGE = Pattern.compile("[0-9]+(Mi|Gi|Ki|Ti|Pi|Ei)");
    static final Pattern EXTENSION = Pattern.compile("x-[a-z][a-z0-9-]*-extensions");
    static final Pattern REVISION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(?:_([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    private Form() {}

    static String checked(Pattern form, String value, String what) {
        if (!form.matcher(value).matches()) {
            throw Fault.invalid(Text.quoted(value) + " is not " + what);
        }
        return value;
    }
}
