// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Text;
import io.netty.util.NetUtil;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Compares the host of a connection to the names in a certificate as RFC 9525 says: only the subject alternative names
/// count, a wildcard is the whole left-most label, and addresses are compared as addresses.
final class HostNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private HostNames() {}

    static boolean isAddress(String host) {
        return NetUtil.createByteArrayFromIpAddressString(host) != null;
    }

    /// @throws CertificateException when the certificate is not for this host
    static void check(X509Certificate leaf, String host) throws CertificateException {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        boolean matches = address == null
                ? names(leaf, DNS_NAME).stream().anyMatch(name -> matches(name, host))
                : names(leaf, IP_ADDRESS).stream()
                        .map(NetUtil::createByteArrayFromIpAddressString)
                        .anyMatch(named -> Arrays.equals(named, address));
        if (!matches) {
            throw new CertificateException("it is not for " + Text.quoted(host));
        }
    }

    private static List<String> names(X509Certificate leaf, int kind) throws CertificateParsingException {
        Collection<List<?>> all = leaf.getSubjectAlternativeNames();
        return all == null
                ? List.of()
                : all.stream()
                        .filter(name -> name.getFirst().equals(kind))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }

    static boolean matches(String pattern, String host) {
        String wanted = withoutEnd(host.toLowerCase(Locale.ROOT));
        String offered = withoutEnd(pattern.toLowerCase(Locale.ROOT));
        if (!offered.startsWith("*.")) {
            return offered.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        // A wildcard right above a top level would be for everybody.
        boolean narrow = offered.indexOf('.', 2) > 0;
        return narrow && dot > 0 && offered.substring(1).equals(wanted.substring(dot));
    }

    private static String withoutEnd(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
