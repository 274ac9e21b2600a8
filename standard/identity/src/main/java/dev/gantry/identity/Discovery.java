// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// The discovery document of a trust domain: where its bundle is published (ID-067). Unknown members are
/// tolerated (ID-065); anything but an absolute `https` URL is refused (ID-070).
public record Discovery(TrustDomain trustDomain, URI trustBundleUri) {
    /// Where it stands on an origin that serves one trust domain (ID-066).
    public static final String PATH = "/.well-known/margo";

    public Discovery {
        checkHttps(trustBundleUri);
    }

    private static void checkHttps(URI uri) {
        String scheme = uri.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).equals("https") || uri.getHost() == null) {
            throw Fault.invalid(Text.quoted(uri.toString()) + " is not an absolute https URL");
        }
    }

    public static Discovery read(Blob source) {
        return Fields.read("discovery document", Json.read(source), fields -> {
            var domain = fields.need("trustDomain", "ID-067", TrustDomain::new);
            var uri = fields.need("trustBundleUri", "ID-070", Discovery::httpsUri);
            return () -> new Discovery(domain.orElseThrow(), uri.orElseThrow());
        });
    }

    private static URI httpsUri(String text) {
        try {
            var uri = new URI(text);
            checkHttps(uri);
            return uri;
        } catch (URISyntaxException e) {
            throw new Fault(Fault.Kind.INVALID, Text.quoted(text) + " is not a URL", e);
        }
    }

    public Blob write() {
        return Json.canonical(Tree.members()
                .put("trustDomain", trustDomain.name())
                .put("trustBundleUri", trustBundleUri.toString())
                .build());
    }

    /// Refuses a document of another trust domain than the own SVID's: that is a configuration error (ID-069).
    public Discovery expecting(TrustDomain own) {
        if (!trustDomain.equals(own)) {
            throw Fault.invalid("the discovery document is of the trust domain " + trustDomain + ", the own SVID of "
                    + own + "; check which identity service this machine is configured for");
        }
        return this;
    }
}
