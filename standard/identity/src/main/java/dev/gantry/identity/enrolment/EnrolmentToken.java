// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity.enrolment;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustDomain;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;

/// What an operator carries to a device, once: where the identity service is, which trust domain it must be of,
/// which key its HTTPS certificate must hang under, and the secret that may be spent one time. Nothing is trusted
/// on first use, because the token brings the pin along (ID-058).
///
/// As a text it is `gantry1.` and the base64url form, without padding, of
/// `{"pin":…,"secret":…,"trustDomain":…,"url":…}`. A later version will have another prefix; unknown members are
/// tolerated.
///
/// @param url the base of `/x-gantry/v1/enrolments` and of `/.well-known/margo`; always `https`
/// @param pin of the key above the endpoint's certificate
public record EnrolmentToken(URI url, TrustDomain trustDomain, SpkiPin pin, Secret secret) {
    /// What a token of this version starts with.
    public static final String PREFIX = "gantry1.";

    /// Longer texts are refused unread, in characters.
    public static final int LENGTH = 4096;

    public EnrolmentToken {
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw Fault.invalid("the URL in the enrolment token is not an absolute https URL");
        }
        if (secret.reveal().isEmpty()) {
            throw Fault.invalid("the enrolment token has an empty secret");
        }
    }

    /// Reads a token; messages never repeat any part of it.
    public static EnrolmentToken read(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith(PREFIX) || stripped.length() > LENGTH) {
            throw Fault.invalid("this is not an enrolment token: it does not start with " + PREFIX
                    + " or is longer than " + LENGTH + " characters");
        }
        try {
            Blob json = Blob.of(Base64.getUrlDecoder().decode(stripped.substring(PREFIX.length())));
            return Fields.read("enrolment token", Json.read(json), fields -> {
                var url = fields.need("url", "", EnrolmentToken::uri);
                var domain = fields.need("trustDomain", "", TrustDomain::new);
                var pin = fields.need("pin", "", SpkiPin::new);
                var secret = fields.needText("secret", "");
                return () -> new EnrolmentToken(
                        url.orElseThrow(), domain.orElseThrow(), pin.orElseThrow(), new Secret(secret.orElseThrow()));
            });
        } catch (IllegalArgumentException | Fault _) {
            throw Fault.invalid("the enrolment token is damaged; copy it again, or ask for a new one");
        }
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Fault(Fault.Kind.INVALID, Text.quoted(text) + " is not a URL", e);
        }
    }

    /// The token as one text, to be shown once.
    public String text() {
        Blob json = Json.canonical(Tree.members()
                .put("url", url.toString())
                .put("trustDomain", trustDomain.name())
                .put("pin", pin.value())
                .put("secret", secret.reveal())
                .build());
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(json.toByteArray());
    }
}
