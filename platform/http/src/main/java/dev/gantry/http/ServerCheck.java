// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// How a client recognises a server. There is no way to recognise just any server (ID-057, ID-058).
public sealed interface ServerCheck {
    /// By its SPIFFE ID; host names mean nothing then (ID-040).
    record Spiffe(PeerCheck check) implements ServerCheck {}

    /// By these anchors and its host name (ID-059).
    record Pki(List<X509Certificate> anchors) implements ServerCheck {
        public Pki {
            anchors = List.copyOf(anchors);
            if (anchors.isEmpty()) {
                throw Fault.invalid("no anchors are given to recognise a server by");
            }
        }
    }

    /// By the anchors that come with the Java platform and its host name.
    record PublicPki() implements ServerCheck {}

    /// By keys: the leaf must chain to a presented certificate whose key has one of these pins, and be for the
    /// host where that is a name (ID-060, ID-061).
    ///
    /// @param pins base64 of the SHA-256 of the DER SubjectPublicKeyInfo
    record Pins(Set<String> pins) implements ServerCheck {
        public Pins {
            pins = Set.copyOf(pins);
            if (pins.isEmpty()) {
                throw Fault.invalid("no pins are given to recognise a server by");
            }
        }
    }

    /// This check for one host.
    default PeerCheck forHost(String host, InstantSource clock) {
        return switch (this) {
            case Spiffe(var check) -> check;
            case Pki(var anchors) -> pki(store(anchors), host);
            case PublicPki() -> pki(null, host);
            case Pins(var pins) -> presented -> pinned(presented, pins, host, clock);
        };
    }

    @Requirement("ID-059")
    private static PeerCheck pki(@Nullable KeyStore anchors, String host) {
        X509TrustManager chains = chains(anchors);
        return presented -> {
            chains.checkServerTrusted(presented.toArray(X509Certificate[]::new), "UNKNOWN");
            HostNames.check(presented.getFirst(), host);
            return host;
        };
    }

    private static X509TrustManager chains(@Nullable KeyStore anchors) {
        try {
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(anchors);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new Fault(Fault.Kind.BROKEN, "the anchors cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore store(List<X509Certificate> anchors) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("anchor-" + i, anchors.get(i));
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new Fault(Fault.Kind.BROKEN, "the anchors cannot be used: " + e.getMessage(), e);
        }
    }

    @Requirement({"ID-060", "ID-061"})
    private static String pinned(List<X509Certificate> presented, Set<String> pins, String host, InstantSource clock)
            throws CertificateException {
        X509Certificate leaf = presented.getFirst();
        for (int at = 0; at < presented.size(); at++) {
            String pin = pin(presented.get(at));
            if (pins.contains(pin)) {
                checkPath(presented.subList(0, at), presented.get(at), clock);
                leaf.checkValidity(Date.from(clock.instant()));
                checkUse(leaf);
                if (!HostNames.isAddress(host)) {
                    HostNames.check(leaf, host);
                }
                return pin;
            }
        }
        throw new CertificateException("none of the presented keys has a pin that is trusted here");
    }

    private static void checkPath(List<X509Certificate> path, X509Certificate pinned, InstantSource clock)
            throws CertificateException {
        if (path.isEmpty()) {
            return;
        }
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(pinned, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException("it does not chain to the pinned key: " + e.getMessage(), e);
        }
    }

    private static void checkUse(X509Certificate leaf) throws CertificateException {
        List<String> uses = leaf.getExtendedKeyUsage();
        if (uses != null && !uses.contains("1.3.6.1.5.5.7.3.1") && !uses.contains("2.5.29.37.0")) {
            throw new CertificateException("it is not for servers");
        }
    }

    /// The pin of a certificate's key (RFC 7469 section 2.4).
    static String pin(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
