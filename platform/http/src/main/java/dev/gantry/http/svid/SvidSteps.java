// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http.svid;

import dev.gantry.content.Fault;
import dev.gantry.identity.Credential;
import dev.gantry.identity.CredentialFolder;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundleCache;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.identity.enrolment.IssuedCredential;
import dev.gantry.spec.Requirement;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one SVID, in steps of one exchange each; each says when to come back.
///
/// ```text
///  no credential ──enrol──► valid ──2/3 of its life──► renew ──► valid …
///        ▲                                               │ refused, unreachable: the old one stays, tried again
///        └────────── ended, and there is a token ────────┘
/// ```
///
/// Of what an answer brings, the credential is stored last, so that a crash in between enrols again with the same key.
@Requirement({"ID-052", "ID-079", "ID-082", "ID-095", "ID-100"})
final class SvidSteps {
    private static final Logger LOG = LoggerFactory.getLogger(SvidSteps.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration MOST_RETRY = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofHours(1);

    private final Path folder;
    private final CredentialFolder credentials;
    private final TrustBundleCache bundles;
    private final MisClient service;
    private final InstantSource clock;
    private final SecureRandom chance;
    private int failures;
    private Instant retry = Instant.MIN;
    private String lastTrouble = "";
    private boolean replaced;

    SvidSteps(Path folder, InstantSource clock, SecureRandom chance) {
        this.folder = folder;
        this.clock = clock;
        this.chance = chance;
        this.credentials = new CredentialFolder(folder);
        this.bundles = new TrustBundleCache(credentials.bundleFile(), clock, TrustBundleCache.EVERY);
        this.service = new MisClient(clock);
        MisAddress.in(folder).ifPresent(known -> bundles.from(service.bundles(known)));
    }

    CredentialFolder credentials() {
        return credentials;
    }

    TrustBundleCache bundles() {
        return bundles;
    }

    /// Whether nothing can be done without an enrolment.
    boolean isNotEnrolled() {
        return credentials.isEmpty();
    }

    boolean hasEnded() {
        return !clock.instant().isBefore(end());
    }

    private Instant end() {
        return credentials.get().leaf().getNotAfter().toInstant();
    }

    /// Asks for the first credential; empty when it is there, else how long to wait before asking again.
    ///
    /// @throws Fault `REFUSED` when the token is not worth anything any more
    @Requirement({"ID-058", "ID-093"})
    Optional<Duration> enrol(EnrolmentToken token) {
        String csr = credentials.request(KeyAlgorithm.ECDSA_P256, chance);
        return switch (service.enrol(token, csr)) {
            case MisClient.Issued issued -> enrolled(token, issued);
            case MisClient.Refused(var reason) ->
                throw new Fault(
                        Fault.Kind.REFUSED,
                        "the identity service at " + token.url() + " refused the enrolment token (" + reason
                                + "); ask for a new token, put it into the token file, and start again");
            case MisClient.Later(var reason) -> Optional.of(later(reason));
        };
    }

    private Optional<Duration> enrolled(EnrolmentToken token, MisClient.Issued issued) {
        try {
            IssuedCredential verified = issued.credential().verified(token.trustDomain(), clock);
            var place = new MisAddress(
                    token.trustDomain(),
                    token.pin(),
                    issued.renewals().orElseGet(() -> MisClient.renewals(token)),
                    verified.trustBundleUri());
            place.keep(folder);
            bundles.from(service.bundles(place)).accept(verified.bundle().source());
            credentials.install(verified.chain());
            settled();
            LOG.atInfo()
                    .addKeyValue("spiffeId", verified.spiffeId())
                    .addKeyValue("expires", verified.expires())
                    .log("identity was enrolled");
            return Optional.empty();
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.UNAVAILABLE) {
                throw fault;
            }
            return Optional.of(later(fault.getMessage() + "; check the clock of this machine"));
        }
    }

    /// Renews the credential when it is time; a credential without a service behind it is left alone.
    Duration renew() {
        Optional<MisAddress> place = MisAddress.in(folder);
        if (place.isEmpty()) {
            return LOOK;
        }
        Instant now = clock.instant();
        Credential present = credentials.get();
        Instant due = renewal(present);
        Instant next = due.isAfter(retry) || failures == 0 ? due : retry;
        if (now.isBefore(next)) {
            Duration wait = Duration.between(now, next);
            return wait.compareTo(LOOK) < 0 ? wait : LOOK;
        }
        SpiffeId id = SvidCheck.claimed(present.leaf());
        Duration pause = renewed(place.get(), id);
        retry = now.plus(pause);
        return pause;
    }

    /// Two thirds into its life (B-23).
    static Instant renewal(Credential credential) {
        Instant from = credential.leaf().getNotBefore().toInstant();
        Instant to = credential.leaf().getNotAfter().toInstant();
        return from.plus(Duration.between(from, to).multipliedBy(2).dividedBy(3));
    }

    private Duration renewed(MisAddress place, SpiffeId id) {
        String csr = credentials.request(KeyAlgorithm.ECDSA_P256, chance);
        return switch (service.renew(place, credentials, csr)) {
            case MisClient.Issued(var issued, var _) -> installed(issued, place.trustDomain(), id);
            case MisClient.Refused(var reason) -> later("the identity service refused to renew: " + reason);
            case MisClient.Later(var reason) -> later(reason);
        };
    }

    private Duration installed(IssuedCredential issued, TrustDomain domain, SpiffeId id) {
        try {
            IssuedCredential verified = issued.verified(domain, clock);
            if (!verified.spiffeId().equals(id)) {
                return later("the identity service issued " + verified.spiffeId() + " to " + id);
            }
            note(bundles.accept(verified.bundle().source()));
            credentials.install(verified.chain());
            settled();
            LOG.atInfo()
                    .addKeyValue("spiffeId", id)
                    .addKeyValue("expires", verified.expires())
                    .log("credential was renewed");
            return Duration.ZERO;
        } catch (Fault fault) {
            return later(fault.getMessage());
        }
    }

    private void settled() {
        failures = 0;
        lastTrouble = "";
    }

    /// Says what is wrong once until it changes, and waits longer each time, up to a tenth of what the credential has
    /// left.
    private Duration later(String reason) {
        failures++;
        if (!reason.equals(lastTrouble)) {
            LOG.atWarn().addKeyValue("reason", reason).log("identity service gave no credential; trying again");
            lastTrouble = reason;
        }
        Duration wait = FIRST_RETRY;
        for (int i = 1; i < failures && wait.compareTo(most()) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        Duration bounded = wait.compareTo(most()) < 0 ? wait : most();
        return bounded.plusMillis((long) (bounded.toMillis() * 0.2 * chance.nextDouble()));
    }

    private Duration most() {
        if (credentials.isEmpty()) {
            return MOST_RETRY;
        }
        Duration left = Duration.between(clock.instant(), end()).dividedBy(10);
        Duration bounded = left.compareTo(MOST_RETRY) < 0 ? left : MOST_RETRY;
        return bounded.compareTo(FIRST_RETRY) > 0 ? bounded : left.isNegative() ? MOST_RETRY : FIRST_RETRY;
    }

    /// Refreshes the trust bundle when its hint says so.
    ///
    /// @param onReplaced runs when the anchors have changed
    Duration refresh(Runnable onReplaced) {
        TrustBundleCache.Outcome before = bundles.last();
        Duration pause = bundles.step();
        TrustBundleCache.Outcome after = bundles.last();
        if (!after.equals(before)) {
            note(after);
        }
        if (replaced) {
            replaced = false;
            onReplaced.run();
        }
        return pause;
    }

    private void note(TrustBundleCache.Outcome outcome) {
        switch (outcome) {
            case TrustBundleCache.Accepted(var _, var changed, var rolledBack) -> {
                if (rolledBack) {
                    LOG.atWarn().log("trust bundle has a lower sequence than before");
                }
                if (changed) {
                    LOG.atInfo().log("trust bundle was replaced");
                    replaced = true;
                }
            }
            case TrustBundleCache.Kept(var reason) ->
                LOG.atDebug().addKeyValue("reason", reason).log("trust bundle was kept");
        }
    }
}
