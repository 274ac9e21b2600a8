// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity.enrolment;

import dev.gantry.content.Blob;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.identity.CertificateRequest;

/// The body of an enrolment or a renewal: `{"csr": "-----BEGIN CERTIFICATE REQUEST-----…"}`. Who asks is known
/// from the token or the connection, never from the body.
///
/// @param csr a PKCS#10 request in PEM
public record CredentialRequest(String csr) {
    /// Longer bodies are refused unread, in bytes.
    public static final int BYTES = 2 * CertificateRequest.PEM_LENGTH;

    public static CredentialRequest read(Blob source) {
        return Fields.read("credential request", Json.read(source), fields -> {
            var csr = fields.needText("csr", "");
            return () -> new CredentialRequest(csr.orElseThrow());
        });
    }

    public Blob write() {
        return Json.canonical(Tree.members().put("csr", csr).build());
    }
}
