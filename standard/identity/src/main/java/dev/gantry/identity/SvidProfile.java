// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What the profile demands of single certificates, leaf and authority alike (section 3 and 4 of the identity
/// digest). Nothing here looks at signatures, time or trust; that is the work of [SvidCheck].
final class SvidProfile {
    static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private static final String KEY_USAGE = "2.5.29.15";
    private static final int URI_NAME = 6;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private SvidProfile() {}

    /// The SPIFFE ID of a leaf: of its one and only URI name (ID-021, ID-005). Other names play no role (ID-040).
    static SpiffeId id(X509Certificate leaf) throws SvidRefused {
        List<String> uris = uris(leaf);
        if (uris.size() != 1) {
            throw new SvidRefused("ID-021", "the certificate has " + uris.size() + " URI names instead of one");
        }
        try {
            return new SpiffeId(uris.getFirst());
        } catch (Fault fault) {
            throw new SvidRefused("ID-005", fault.getMessage());
        }
    }

    /// The structural rules of a leaf (ID-022 to ID-024, ID-039). A missing basic-constraints extension means
    /// that it is no authority (B-6); a missing extended key usage restricts nothing (B-7). An empty subject with
    /// an alternative name that is not critical (ID-025) never gets here: the platform does not read such a
    /// certificate.
    static void checkLeaf(X509Certificate leaf) throws SvidRefused {
        if (leaf.getBasicConstraints() != -1) {
            throw new SvidRefused("ID-022", "the certificate is that of an authority (cA is true)");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !critical(leaf, KEY_USAGE) || !usage[DIGITAL_SIGNATURE]) {
            throw new SvidRefused("ID-023", "the key usage is not present, critical and with digitalSignature");
        }
        if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            throw new SvidRefused("ID-023", "the key usage has keyCertSign or cRLSign");
        }
        checkExtendedUsage(leaf);
        if (id(leaf).path().isEmpty()) {
            throw new SvidRefused("ID-039", "the SPIFFE ID has no path, so it names no workload");
        }
        algorithm(leaf);
    }

    private static void checkExtendedUsage(X509Certificate leaf) throws SvidRefused {
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            if (purposes != null && !purposes.containsAll(List.of(SERVER_AUTH, CLIENT_AUTH))) {
                throw new SvidRefused("ID-024", "the extended key usage has not both serverAuth and clientAuth");
            }
        } catch (CertificateParsingException e) {
            throw new SvidRefused("ID-024", "the extended key usage cannot be read");
        }
    }

    /// The structural rules of an authority (ID-026).
    static void checkAuthority(X509Certificate authority) throws SvidRefused {
        boolean[] usage = authority.getKeyUsage();
        if (authority.getBasicConstraints() == -1) {
            throw new SvidRefused("ID-026", name(authority) + " is not an authority (cA is not true)");
        }
        if (usage == null || !critical(authority, KEY_USAGE) || !usage[KEY_CERT_SIGN]) {
            throw new SvidRefused(
                    "ID-026", "the key usage of " + name(authority) + " is not present, critical and with keyCertSign");
        }
        List<String> uris = uris(authority);
        if (uris.size() > 1) {
            throw new SvidRefused("ID-026", name(authority) + " has " + uris.size() + " URI names");
        }
        for (String uri : uris) {
            if (uri.startsWith("spiffe:") && !isDomainId(uri)) {
                throw new SvidRefused(
                        "ID-026", "the SPIFFE ID of " + name(authority) + " is not that of a trust domain");
            }
        }
        algorithm(authority);
    }

    private static boolean isDomainId(String uri) {
        try {
            return new SpiffeId(uri).path().isEmpty();
        } catch (Fault _) {
            return false;
        }
    }

    /// The kind of a certificate's key, which must be one of the profile (ID-029 to ID-031).
    static KeyAlgorithm algorithm(X509Certificate certificate) throws SvidRefused {
        try {
            return KeyAlgorithm.of(certificate.getPublicKey());
        } catch (Fault fault) {
            String[] ruleAndReason = fault.getMessage().split(": ", 2);
            throw new SvidRefused(ruleAndReason[0], ruleAndReason[1]);
        }
    }

    static String name(X509Certificate certificate) {
        return Text.quoted(certificate.getSubjectX500Principal().getName());
    }

    private static boolean critical(X509Certificate certificate, String oid) {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        return critical != null && critical.contains(oid);
    }

    private static List<String> uris(X509Certificate certificate) throws SvidRefused {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0) instanceof Integer type && type == URI_NAME)
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new SvidRefused("ID-021", "the alternative names cannot be read");
        }
    }
}
