// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import dev.gantry.spec.Requirement;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of memory or storage: digits and a power of 1024, `512Mi` for example.
///
/// @param text as it stands in the document
/// @param bytes exact, whatever the unit
@Requirement("AD-033")
public record Quantity(String text, BigInteger bytes) implements Comparable<Quantity> {
    private static final Map<String, Integer> POWERS =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);
    private static final Pattern MEMORY = Pattern.compile("([0-9]{1,18})(Ki|Mi|Gi)");
    private static final Pattern STORAGE = Pattern.compile("([0-9]{1,18})(Ki|Mi|Gi|Ti|Pi|Ei)");

    /// An amount of memory as an author writes it.
    public static Quantity memory(String text) {
        return of(MEMORY, text, text);
    }

    /// An amount of storage as an author writes it.
    public static Quantity storage(String text) {
        return of(STORAGE, text, text);
    }

    /// An amount that a device reports, where a blank before the unit is tolerated (reading V-02).
    public static Quantity reported(String text) {
        return of(STORAGE, text, text.replaceFirst("^([0-9]+) ", "$1"));
    }

    private static Quantity of(Pattern form, String text, String compact) {
        Matcher parts = form.matcher(compact);
        if (!parts.matches()) {
            throw Fault.invalid(Text.quoted(text) + " is not an amount such as 512Mi");
        }
        int power = POWERS.getOrDefault(parts.group(2), 0);
        return new Quantity(text, new BigInteger(parts.group(1)).shiftLeft(power));
    }

    @Override
    public int compareTo(Quantity other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity quantity && bytes.equals(quantity.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
