// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.identity.CertificateRequest;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.enrolment.IssuedCredential;
import dev.gantry.spec.Requirement;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who gets an SVID.
///
/// ```text
///  newToken ──► open ──enrol(key)──► spent ──enrol(same key)──► the same answer      renew(key) ──► next SVID
///                │                     └─────enrol(other key)──► refused               ▲ keys of the last enrolment
///                ├──time──► expired, then forgotten                                      only, see mayRenew
///                └──wrong secrets──► closed
/// ```
///
/// Every change is in the [Records] before its answer is given. A device that lost an answer asks again with the
/// same token and key, so a power cut on either side costs nothing.
final class Enrolments {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolments.class);
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_LENGTH = 128;

    /// What became of an enrolment or a renewal.
    sealed interface Outcome {}

    record Issued(IssuedCredential credential) implements Outcome {}

    record Refused(Reason reason) implements Outcome {}

    enum Reason {
        UNKNOWN,
        EXPIRED,
        USED,
        CLOSED,
        SUPERSEDED
    }

    /// A new token.
    record Ticket(Secret secret, Instant expires) {}

    private final Records records;
    private final Issuer issuer;
    private final MisLimits limits;
    private final InstantSource clock;
    private final SecureRandom chance;

    Enrolments(Records records, Issuer issuer, MisLimits limits, InstantSource clock, SecureRandom chance) {
        this.records = records;
        this.issuer = issuer;
        this.limits = limits;
        this.clock = clock;
        this.chance = chance;
    }

    /// A token for one enrolment as this identity. `CONFLICT` when too many are kept.
    Ticket newToken(MargoIdentity identity, Duration good) {
        Duration life = good(good);
        String id = HexFormat.of().formatHex(random(ID_BYTES));
        String secret = id + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(random(SECRET_BYTES));
        while (true) {
            Instant now = clock.instant();
            State from = records.state();
            State kept = from.withoutTokensExpiredFor(limits.remembered(), now);
            boolean isNew = !kept.identities().containsKey(identity.spiffeId().value());
            if (kept.tokens().size() >= limits.tokens()) {
                throw new Fault(
                        Fault.Kind.CONFLICT,
                        limits.tokens()
                                + " enrolment tokens are kept already; more can be made when some have expired");
            }
            if (isNew && kept.identities().size() >= limits.identities()) {
                throw new Fault(Fault.Kind.CONFLICT, limits.identities() + " identities are enrolled already");
            }
            Instant expires = now.plus(life).truncatedTo(ChronoUnit.SECONDS);
            if (records.replace(from, kept.with(id, new State.Token(digest(secret), identity, expires, 0, null)))) {
                LOG.atInfo()
                        .addKeyValue("identity", identity.spiffeId())
                        .addKeyValue("expires", expires)
                        .log("enrolment token made");
                return new Ticket(new Secret(secret), expires);
            }
        }
    }

    /// A lifetime that a token may have.
    Duration good(Duration wish) {
        if (wish.compareTo(limits.shortestToken()) < 0 || wish.compareTo(limits.longestToken()) > 0) {
            throw Fault.invalid("is not within " + limits.shortestToken().toSeconds() + " and "
                    + limits.longestToken().toSeconds() + " seconds");
        }
        return wish;
    }

    /// Spends a token, or repeats what it was spent on.
    @Requirement({"ID-093", "ID-104"})
    Outcome enrol(String secret, CertificateRequest request) {
        while (true) {
            State from = records.state();
            String id = id(secret);
            State.Token token = from.tokens().get(id);
            if (token == null) {
                return new Refused(Reason.UNKNOWN);
            }
            Reason against = against(token, secret);
            if (against == Reason.UNKNOWN) {
                // Guessing is counted, and ends with the token.
                if (records.replace(from, from.with(id, token.wrong()))) {
                    return new Refused(against);
                }
                continue;
            }
            if (against != null) {
                return new Refused(against);
            }
            var key = SpkiPin.of(request.key());
            State.Use use = token.use();
            if (use != null) {
                return use.key().equals(key)
                        ? new Issued(issuer.answer(token.identity(), use.chain()))
                        : new Refused(Reason.USED);
            }
            IssuedCredential credential = issuer.issue(token.identity(), request.key());
            if (records.replace(from, spent(from, id, token, new State.Use(key, credential.chain())))) {
                told(from, credential);
                return new Issued(credential);
            }
        }
    }

    private State spent(State from, String id, State.Token token, State.Use use) {
        Instant expires = use.chain().getFirst().getNotAfter().toInstant();
        return from.with(id, token.spent(use))
                .with(
                        token.identity().spiffeId(),
                        new State.Enrolled(
                                clock.instant().truncatedTo(ChronoUnit.SECONDS), expires, List.of(use.key())));
    }

    private static void told(State before, IssuedCredential credential) {
        SpiffeId id = credential.spiffeId();
        if (before.enrolled(id).isPresent()) {
            LOG.atWarn().addKeyValue("identity", id).log("identity enrolled anew, its earlier holder renews no more");
        } else {
            LOG.atInfo().addKeyValue("identity", id).log("identity enrolled");
        }
    }

    /// What speaks against a token that exists, or null.
    private @Nullable Reason against(State.Token token, String secret) {
        if (token.wrongSecrets() >= limits.wrongSecrets()) {
            return Reason.CLOSED;
        }
        if (!MessageDigest.isEqual(bytes(token.secret()), bytes(digest(secret)))) {
            return Reason.UNKNOWN;
        }
        return clock.instant().isBefore(token.expires()) ? null : Reason.EXPIRED;
    }

    /// The next SVID of an identity, for whom the handshake has proven to be its present holder.
    @Requirement("ID-095")
    Outcome renew(MargoIdentity identity, CertificateRequest request) {
        while (true) {
            State from = records.state();
            State.Enrolled holder = from.enrolled(identity.spiffeId()).orElse(null);
            if (holder == null) {
                return new Refused(Reason.SUPERSEDED);
            }
            IssuedCredential credential = issuer.issue(identity, request.key());
            State.Enrolled renewed = holder.renewed(SpkiPin.of(request.key()), credential.expires());
            if (records.replace(from, from.with(identity.spiffeId(), renewed))) {
                LOG.atInfo()
                        .addKeyValue("identity", identity.spiffeId())
                        .addKeyValue("expires", credential.expires())
                        .log("SVID renewed");
                return new Issued(credential);
            }
        }
    }

    /// Whether this key is of the last enrolment of this identity. An SVID that was replaced by enrolling another
    /// device is valid until it ends, but is not prolonged (ID-096).
    boolean mayRenew(SpiffeId id, SpkiPin key) {
        return records.state()
                .enrolled(id)
                .map(holder -> holder.keys().contains(key))
                .orElse(false);
    }

    /// Everyone who has enrolled, by SPIFFE ID.
    SortedMap<String, State.Enrolled> identities() {
        return records.state().identities();
    }

    private byte[] random(int count) {
        var bytes = new byte[count];
        chance.nextBytes(bytes);
        return bytes;
    }

    /// The part of a secret that finds its token; what is no secret of ours has one that finds nothing.
    private static String id(String secret) {
        int dot = secret.indexOf('.');
        return dot < 0 || secret.length() > SECRET_LENGTH ? "" : secret.substring(0, dot);
    }

    private static Digest digest(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(Digest digest) {
        return digest.value().getBytes(StandardCharsets.US_ASCII);
    }
}
