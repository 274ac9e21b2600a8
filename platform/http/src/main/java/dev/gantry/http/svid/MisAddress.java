// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http.svid;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustDomain;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Where the identity service of this machine is, kept from the enrolment on: the pin of the token recognises it for
/// ever
/// after, never the bundle (ID-062).
///
/// @param renewals where the next credential is asked for, over mutual TLS
/// @param trustBundle where the bundle is refreshed from
record MisAddress(TrustDomain trustDomain, SpkiPin pin, URI renewals, URI trustBundle) {
    private static final String FILE = "identity-service.json";

    MisAddress {
        checkHttps(renewals);
        checkHttps(trustBundle);
    }

    private static void checkHttps(URI uri) {
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw Fault.invalid(Text.quoted(uri.toString()) + " is not an absolute https URL");
        }
    }

    /// What an earlier enrolment left; empty where the credential was put there by hand, without a service behind it.
    static Optional<MisAddress> in(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Blob source = Blob.of(Files.readAllBytes(file));
            return Optional.of(Fields.read(file.toString(), Json.read(source), fields -> {
                var domain = fields.need("trustDomain", "", TrustDomain::new);
                var pin = fields.need("pin", "", SpkiPin::new);
                var renewals = fields.need("renewals", "", MisAddress::uri);
                var bundle = fields.need("trustBundle", "", MisAddress::uri);
                return () -> new MisAddress(
                        domain.orElseThrow(), pin.orElseThrow(), renewals.orElseThrow(), bundle.orElseThrow());
            }));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    void keep(Path folder) {
        Disk.replace(
                folder.resolve(FILE),
                Json.canonical(Tree.members()
                        .put("trustDomain", trustDomain.name())
                        .put("pin", pin.value())
                        .put("renewals", renewals.toString())
                        .put("trustBundle", trustBundle.toString())
                        .build()));
    }

    static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Fault(Fault.Kind.INVALID, Text.quoted(text) + " is not a URL", e);
        }
    }
}
