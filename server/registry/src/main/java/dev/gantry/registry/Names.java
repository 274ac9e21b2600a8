// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Digest;
import dev.gantry.content.Text;
import java.util.regex.Pattern;

/// The grammar of the distribution specification. What passes is safe as a path below a folder: no dot segments, no
/// leading `_`, no separators but `/`.
final class Names {
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final int LONGEST = 200;

    private Names() {}

    static String repository(String text) {
        if (text.length() > LONGEST || !REPOSITORY.matcher(text).matches()) {
            throw new OciError(OciError.Code.NAME_INVALID, Text.quoted(text) + " is not the name of a repository");
        }
        return text;
    }

    static String tag(String text) {
        if (!TAG.matcher(text).matches()) {
            throw new OciError(OciError.Code.MANIFEST_INVALID, Text.quoted(text) + " is neither a tag nor a digest");
        }
        return text;
    }

    static Digest digest(String text) {
        if (!Digest.isDigest(text)) {
            throw new OciError(OciError.Code.DIGEST_INVALID, Text.quoted(text) + " is not a sha256 digest");
        }
        return new Digest(text);
    }
}
