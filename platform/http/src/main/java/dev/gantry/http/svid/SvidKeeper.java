// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http.svid;

import dev.gantry.content.Fault;
import dev.gantry.identity.Credential;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.EnrolmentToken;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SVID of this process, renewed in the background, and the trust bundle that goes with it. Give [#credential()]
/// and
/// [#bundle()] to connections as suppliers: new ones use what is valid then, without a restart.
///
/// A credential that is there already is used even when nobody can be reached. A folder into which somebody has put
/// `credential.pem` and `bundle.json` works without an identity service: nothing is renewed or refreshed then.
public final class SvidKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SvidKeeper.class);
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);

    private final SvidSteps steps;
    private final Runnable onBundleReplaced;
    private final CountDownLatch closed = new CountDownLatch(1);

    private SvidKeeper(SvidSteps steps, Runnable onBundleReplaced) {
        this.steps = steps;
        this.onBundleReplaced = onBundleReplaced;
    }

    /// Returns as soon as there is a credential: at once, or after an enrolment that is tried until the service
    /// answers.
    ///
    /// @param folder of credential and bundle, created when it is missing; its owner's alone
    /// @param token is spent only when there is no credential, or when it has ended
    /// @param onBundleReplaced called in the background when the anchors have changed, to look at open
    ///     connections again
    /// @throws Fault `MISSING` when there is neither credential nor token; `REFUSED` when the token is not accepted
    /// @throws InterruptedException when the caller no longer wants to wait
    public static SvidKeeper start(
            Path folder,
            Optional<EnrolmentToken> token,
            InstantSource clock,
            SecureRandom chance,
            Runnable onBundleReplaced)
            throws InterruptedException {
        var steps = new SvidSteps(folder, clock, chance);
        if (steps.isNotEnrolled() && token.isEmpty()) {
            throw new Fault(
                    Fault.Kind.MISSING,
                    "there is no credential in " + folder + " and no enrolment token; get a token with"
                            + " 'gantry device enrol', put it into a file that only you can read, and name that file");
        }
        if (token.isPresent() && (steps.isNotEnrolled() || steps.hasEnded())) {
            Optional<Duration> pause = steps.enrol(token.get());
            while (pause.isPresent()) {
                Thread.sleep(pause.get());
                pause = steps.enrol(token.get());
            }
        }
        var keeper = new SvidKeeper(steps, onBundleReplaced);
        Thread.ofVirtual().name("svid").start(keeper::keep);
        return keeper;
    }

    private void keep() {
        try {
            Duration pause = Duration.ZERO;
            while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                pause = step();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration step() {
        try {
            Duration renewal = steps.renew();
            Duration refresh = steps.refresh(onBundleReplaced);
            return renewal.compareTo(refresh) < 0 ? renewal : refresh;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("credential could not be looked after; trying again");
            return AFTER_TROUBLE;
        }
    }

    /// The present credential, asked for with each connection.
    public Supplier<Credential> credential() {
        return steps.credentials();
    }

    /// The present trust bundle, asked for with each check.
    public Supplier<TrustBundle> bundle() {
        return steps.bundles();
    }

    /// Who this process is.
    public SpiffeId id() {
        return SvidCheck.claimed(credential().get().leaf());
    }

    public TrustDomain trustDomain() {
        return id().trustDomain();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
