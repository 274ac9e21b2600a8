// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.wire.Headers;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Header fields between our form and the engine's. A name or value that could break out of its line is refused by the
/// engine's own check.
final class HttpFields {
    /// How a message is framed is the engine's business, whatever the sender says.
    private static final Set<String> FRAMING =
            caseless("Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive");

    private HttpFields() {}

    static HttpHeaders of(Headers headers) {
        HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        for (Headers.Field field : headers.fields()) {
            if (!FRAMING.contains(field.name())) {
                fields.add(field.name(), field.value());
            }
        }
        return fields;
    }

    static Headers of(HttpHeaders fields) {
        var copy = new ArrayList<Headers.Field>(fields.size());
        for (Map.Entry<String, String> field : fields) {
            copy.add(new Headers.Field(field.getKey(), field.getValue()));
        }
        return new Headers(copy);
    }

    private static Set<String> caseless(String... names) {
        var set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return set;
    }
}
