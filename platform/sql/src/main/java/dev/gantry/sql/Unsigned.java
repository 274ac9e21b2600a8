// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.util.regex.Pattern;

/// Unsigned 64-bit numbers in databases whose integers are signed: 20 decimal digits, so that the order and the
/// equality of the texts are those of the numbers.
public final class Unsigned {
    private static final int DIGITS = 20;
    private static final Pattern FORM = Pattern.compile("[0-9]{" + DIGITS + "}");

    private Unsigned() {}

    /// The text of a number.
    ///
    /// @param bits read as unsigned
    public static String text(long bits) {
        String digits = Long.toUnsignedString(bits);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /// The number of a text, as bits to be read as unsigned; `INVALID` when it is not the text of one.
    public static long bits(String text) {
        if (FORM.matcher(text).matches()) {
            try {
                return Long.parseUnsignedLong(text);
            } catch (NumberFormatException _) {
                // Twenty digits can be more than 64 bits: refused like everything else that is no such number.
            }
        }
        throw Fault.invalid(Text.quoted(text) + " is not an unsigned 64-bit number of " + DIGITS + " digits");
    }
}
