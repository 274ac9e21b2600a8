// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Fault;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Checks X.509-SVIDs: the one door that every mutual TLS connection of a trust domain passes through.
///
/// ```text
///  presented ──► one URI name, own trust domain ──► path to an anchor of the CURRENT bundle ──► leaf rules ──► SPIFFE
/// ID
///                ID-021, ID-005, ID-035             ID-036, ID-037, ID-026, ID-032             ID-022…025        │
///                                                                                                 recognition ◄──┘
/// ```
///
/// A path is made of the presented certificates only; nothing is ever fetched (ID-038), no CRL or OCSP is asked
/// (ID-041). Validity allows for a small clock skew, [#SKEW] unless told otherwise and never more than
/// [#MOST_SKEW] (ID-042). Recognition is the last step: which of the valid identities may stand at the other end
/// of this connection.
public final class SvidCheck {
    /// How far the clocks of two machines may differ unless configured.
    public static final Duration SKEW = Duration.ofSeconds(60);

    /// What may be configured at most.
    public static final Duration MOST_SKEW = Duration.ofMinutes(5);

    /// More presented certificates than this are refused unread.
    public static final int PRESENTED = Pem.CERTIFICATES;

    private static final int PATHS = 20;
    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    /// What became of a presented chain.
    public sealed interface Verdict {}

    /// The peer is who its SPIFFE ID says.
    ///
    /// @param leaf its certificate, whose end of validity also limits the connection (ID-049)
    public record Accepted(SpiffeId id, X509Certificate leaf) implements Verdict {}

    /// The chain proves nothing.
    ///
    /// @param rule the requirement that it breaks
    public record Refused(String rule, String reason) implements Verdict {}

    private final TrustDomain own;
    private final Supplier<TrustBundle> bundle;
    private final InstantSource clock;
    private final Duration skew;

    /// @param own the trust domain that this side belongs to
    /// @param bundle asked for every check, so that a replaced bundle counts at once; its fault refuses the peer
    /// @param skew at most [#MOST_SKEW]
    public SvidCheck(TrustDomain own, Supplier<TrustBundle> bundle, InstantSource clock, Duration skew) {
        if (skew.isNegative() || skew.compareTo(MOST_SKEW) > 0) {
            throw Fault.invalid("a clock skew of " + skew + " is not within zero and " + MOST_SKEW + " (ID-042)");
        }
        this.own = own;
        this.bundle = bundle;
        this.clock = clock;
        this.skew = skew;
    }

    public SvidCheck(TrustDomain own, Supplier<TrustBundle> bundle, InstantSource clock) {
        this(own, bundle, clock, SKEW);
    }

    /// Who a peer is, by the certificates it presented, its own first.
    public Verdict check(List<X509Certificate> presented) {
        try {
            return new Accepted(verified(presented), presented.getFirst());
        } catch (SvidRefused refused) {
            String message = String.valueOf(refused.getMessage());
            return new Refused(refused.rule(), message.substring(refused.rule().length() + 2));
        }
    }

    /// Any valid SVID of the trust domain.
    public PeerRule anyone() {
        return presented -> verified(presented).value();
    }

    /// The WFM's side: only clients in its own namespace (ID-014, ID-084, ID-085). Which of them may do what is
    /// decided per request, by the accepted-client policy.
    public PeerRule clientsOf(MargoIdentity.Wfm wfm) {
        return presented -> {
            SpiffeId id = verified(presented);
            if (MargoIdentity.of(id).orElse(null) instanceof MargoIdentity.Client client
                    && client.wfm().equals(wfm)) {
                return id.value();
            }
            throw new SvidRefused("ID-084", id + " is not a client of " + wfm.spiffeId());
        };
    }

    /// The client's side: only the WFM whose namespace the client's own SVID is in (ID-086). The host name of the
    /// connection proves nothing (ID-088).
    ///
    /// @param ownSvid the client's present credential
    public PeerRule wfmOf(Supplier<Credential> ownSvid) {
        return presented -> {
            SpiffeId id = verified(presented);
            SpiffeId mine = SvidProfile.id(ownSvid.get().leaf());
            if (!(MargoIdentity.of(mine).orElse(null) instanceof MargoIdentity.Client client)) {
                throw new SvidRefused("ID-086", "the own SVID, " + mine + ", is not that of a WFM client");
            }
            if (!id.equals(client.wfm().spiffeId())) {
                throw new SvidRefused("ID-086", id + " is not the WFM of " + mine);
            }
            return id.value();
        };
    }

    /// The identity that a certificate claims, unchecked: for reading one's own.
    public static SpiffeId claimed(X509Certificate leaf) {
        try {
            return SvidProfile.id(leaf);
        } catch (SvidRefused refused) {
            throw new Fault(Fault.Kind.INVALID, "not an X.509-SVID: " + refused.getMessage(), refused);
        }
    }

    private SpiffeId verified(List<X509Certificate> presented) throws SvidRefused {
        if (presented.isEmpty() || presented.size() > PRESENTED) {
            throw new SvidRefused(
                    "ID-048", presented.size() + " certificates were presented; 1 to " + PRESENTED + " are expected");
        }
        X509Certificate leaf = presented.getFirst();
        SpiffeId id = SvidProfile.id(leaf);
        if (!id.trustDomain().equals(own)) {
            throw new SvidRefused("ID-035", id + " is not of the trust domain " + own);
        }
        new Search(presented.subList(1, presented.size()), anchors(), clock.instant()).from(leaf);
        SvidProfile.checkLeaf(leaf);
        return id;
    }

    private List<X509Certificate> anchors() throws SvidRefused {
        try {
            return bundle.get().anchors();
        } catch (Fault fault) {
            throw new SvidRefused("ID-036", "there is no trust bundle: " + fault.getMessage());
        }
    }

    /// One search for a path. The first failure of a complete path is what is reported, as it is the most
    /// telling.
    private final class Search {
        private final List<X509Certificate> intermediates;
        private final List<X509Certificate> anchors;
        private final Instant now;
        private final List<X509Certificate> path = new ArrayList<>();
        private int tried;
        private @Nullable SvidRefused failure;

        Search(List<X509Certificate> intermediates, List<X509Certificate> anchors, Instant now) {
            this.intermediates = intermediates;
            this.anchors = anchors;
            this.now = now;
        }

        void from(X509Certificate leaf) throws SvidRefused {
            path.add(leaf);
            if (!reachesAnAnchor()) {
                throw failure != null
                        ? failure
                        : new SvidRefused(
                                "ID-036", "no presented path leads from " + SvidProfile.name(leaf) + " to an anchor");
            }
        }

        private boolean reachesAnAnchor() {
            X509Certificate last = path.getLast();
            for (X509Certificate anchor : anchors) {
                if (issued(anchor, last) && tried++ < PATHS && holds(anchor)) {
                    return true;
                }
            }
            for (X509Certificate next : intermediates) {
                if (!path.contains(next) && issued(next, last) && tried < PATHS) {
                    path.add(next);
                    if (reachesAnAnchor()) {
                        return true;
                    }
                    path.removeLast();
                }
            }
            return false;
        }

        private boolean issued(X509Certificate issuer, X509Certificate subject) {
            return issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal());
        }

        private boolean holds(X509Certificate anchor) {
            try {
                validate(anchor);
                return true;
            } catch (SvidRefused refused) {
                failure = failure == null ? refused : failure;
                return false;
            }
        }

        private void validate(X509Certificate anchor) throws SvidRefused {
            var all = new ArrayList<>(path);
            all.add(anchor);
            for (int i = 0; i < all.size(); i++) {
                X509Certificate certificate = all.get(i);
                checkValidity(certificate);
                if (i > 0) {
                    SvidProfile.checkAuthority(certificate);
                    if (!SvidProfile.algorithm(certificate).maySign(all.get(i - 1))) {
                        throw new SvidRefused(
                                "ID-032",
                                "the signature on " + SvidProfile.name(all.get(i - 1)) + " is not of the profile");
                    }
                }
            }
            long between = path.stream()
                    .skip(1)
                    .filter(authority -> !issued(authority, authority))
                    .count();
            if (between > anchor.getBasicConstraints()) {
                throw new SvidRefused("ID-036", "the path is longer than the anchor allows");
            }
            pkix(anchor, dateWithinAll(all));
        }

        private void checkValidity(X509Certificate certificate) throws SvidRefused {
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            if (now.isBefore(from.minus(skew)) || now.isAfter(until.plus(skew))) {
                throw new SvidRefused(
                        "ID-037",
                        SvidProfile.name(certificate) + " is valid from " + from + " to " + until + ", now is " + now);
            }
        }

        /// The present, moved by no more than the skew so that it lies within every validity: that was checked
        /// before.
        private Date dateWithinAll(List<X509Certificate> all) {
            Instant date = now;
            for (X509Certificate certificate : all) {
                Instant from = certificate.getNotBefore().toInstant();
                date = date.isBefore(from) ? from : date;
            }
            for (X509Certificate certificate : all) {
                Instant until = certificate.getNotAfter().toInstant();
                date = date.isAfter(until) ? until : date;
            }
            return Date.from(date);
        }

        private void pkix(X509Certificate anchor, Date date) throws SvidRefused {
            var certificates = new ArrayList<>(path);
            var trusted = new TrustAnchor(anchor, null);
            if (anchor.getExtensionValue(NAME_CONSTRAINTS) != null) {
                // The platform applies the constraints of certificates in a path, but not those of its anchor.
                certificates.add(anchor);
                trusted = new TrustAnchor(anchor.getSubjectX500Principal(), anchor.getPublicKey(), null);
            }
            try {
                var parameters = new PKIXParameters(Set.of(trusted));
                parameters.setRevocationEnabled(false);
                parameters.setDate(date);
                CertPathValidator.getInstance("PKIX")
                        .validate(CertificateFactory.getInstance("X.509").generateCertPath(certificates), parameters);
            } catch (GeneralSecurityException | UnsupportedOperationException e) {
                // The last one: name constraints of a form that the platform cannot apply.
                throw new SvidRefused("ID-036", "the path does not hold: " + e.getMessage());
            }
        }
    }
}
