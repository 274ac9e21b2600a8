// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts as settings spell them: `4Mi`, `16Ki/s`, `200m`, `1m30s`. What cannot be read is `INVALID`.
final class Quantity {
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,12})(Ki|Mi|Gi)?");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,12}(?:Ki|Mi|Gi)?)/s");
    private static final Pattern CORES = Pattern.compile("([0-9]{1,6})m|([0-9]{1,3}(?:\\.[0-9]{1,3})?)");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
    private static final int MILLI = 1000;

    private Quantity() {}

    /// `4Mi`, `64Ki`, `1048576`.
    static long bytes(String text) {
        Matcher form = fits(BYTES, text, "an amount of bytes such as 64Ki, 4Mi or 1Gi");
        String unit = form.group(2) == null ? "" : form.group(2);
        int shift = switch (unit) {
            case "Ki" -> 10;
            case "Mi" -> 20;
            case "Gi" -> 30;
            default -> 0;
        };
        return Long.parseLong(form.group(1)) << shift;
    }

    /// `16Ki/s`, in bytes per second.
    static long rate(String text) {
        return bytes(fits(RATE, text, "a rate such as 16Ki/s").group(1));
    }

    /// `200m` or `0.2`, in thousandths of a core.
    static int milliCores(String text) {
        Matcher form = fits(CORES, text, "a share of cores such as 250m or 0.25");
        int result = form.group(1) != null
                ? Integer.parseInt(form.group(1))
                : (int) Math.round(Double.parseDouble(form.group(2)) * MILLI);
        if (result < 1) {
            throw Fault.invalid(Text.quoted(text) + " is less than a thousandth of a core");
        }
        return result;
    }

    /// `500ms`, `2s`, `10m`, `1h`, or several of them in a row.
    static Duration time(String text) {
        Matcher part = TIME.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            sum = sum.plus(Duration.of(Long.parseLong(part.group(1)), unit(part.group(2))));
            end = part.end();
        }
        if (end == 0 || end != text.length()) {
            throw Fault.invalid(Text.quoted(text) + " is not a time such as 500ms, 10s or 1m30s");
        }
        return sum;
    }

    private static java.time.temporal.ChronoUnit unit(String name) {
        return switch (name) {
            case "ms" -> java.time.temporal.ChronoUnit.MILLIS;
            case "s" -> java.time.temporal.ChronoUnit.SECONDS;
            case "m" -> java.time.temporal.ChronoUnit.MINUTES;
            default -> java.time.temporal.ChronoUnit.HOURS;
        };
    }

    private static Matcher fits(Pattern form, String text, String what) {
        Matcher matcher = form.matcher(text);
        if (!matcher.matches()) {
            throw Fault.invalid(Text.quoted(text) + " is not " + what);
        }
        return matcher;
    }
}
