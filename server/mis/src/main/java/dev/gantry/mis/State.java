// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Digest;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that the service must never forget, as one value: a change makes another one.
///
/// @param published what the bundle said last
/// @param tokens by their ids
/// @param identities by their SPIFFE IDs
record State(
        TrustDomain trustDomain,
        Published published,
        SortedMap<String, Token> tokens,
        SortedMap<String, Enrolled> identities) {
    /// The trust bundle that readers have seen.
    ///
    /// @param sequence 0 before the first
    /// @param content of the bundle without its sequence; of nothing before the first
    record Published(long sequence, Digest content) {
        static final Published NOTHING = new Published(0, Digest.of(new byte[0]));
    }

    /// A one-time token.
    ///
    /// @param secret the digest of the whole secret; the secret itself is nowhere
    /// @param identity whom it enrols
    /// @param wrongSecrets how many times this token's id came with another secret
    /// @param use null until it is spent
    record Token(
            Digest secret,
            MargoIdentity identity,
            Instant expires,
            int wrongSecrets,
            @Nullable Use use) {
        Token wrong() {
            return new Token(secret, identity, expires, wrongSecrets + 1, use);
        }

        Token spent(Use on) {
            return new Token(secret, identity, expires, wrongSecrets, on);
        }
    }

    /// What a token was spent on.
    ///
    /// @param chain the answer, to be given again
    record Use(SpkiPin key, List<X509Certificate> chain) {
        Use {
            chain = List.copyOf(chain);
        }
    }

    /// An identity that has an SVID, or had one.
    ///
    /// @param since its last enrolment
    /// @param expires the end of the SVID that was issued last
    /// @param keys those of its last SVIDs since that enrolment, the latest first: who presents another one is
    ///     not the present holder
    record Enrolled(Instant since, Instant expires, List<SpkiPin> keys) {
        /// How many keys are remembered: a holder whose answers were lost may present any of them.
        static final int KEYS = 4;

        Enrolled {
            keys = List.copyOf(keys);
        }

        Enrolled renewed(SpkiPin key, Instant until) {
            var all = new ArrayList<SpkiPin>();
            all.add(key);
            keys.stream().filter(other -> !other.equals(key)).limit(KEYS - 1).forEach(all::add);
            return new Enrolled(since, until, all);
        }
    }

    State {
        tokens = Collections.unmodifiableSortedMap(new TreeMap<>(tokens));
        identities = Collections.unmodifiableSortedMap(new TreeMap<>(identities));
    }

    static State fresh(TrustDomain domain) {
        return new State(domain, Published.NOTHING, new TreeMap<>(), new TreeMap<>());
    }

    Optional<Enrolled> enrolled(SpiffeId id) {
        return Optional.ofNullable(identities.get(id.value()));
    }

    State with(Published bundle) {
        return new State(trustDomain, bundle, tokens, identities);
    }

    State with(String tokenId, Token token) {
        var more = new TreeMap<>(tokens);
        more.put(tokenId, token);
        return new State(trustDomain, published, more, identities);
    }

    State with(SpiffeId id, Enrolled holder) {
        var more = new TreeMap<>(identities);
        more.put(id.value(), holder);
        return new State(trustDomain, published, tokens, more);
    }

    /// Without the tokens that have been expired for so long.
    State withoutTokensExpiredFor(Duration age, Instant now) {
        var left = new TreeMap<>(tokens);
        left.values().removeIf(token -> token.expires().plus(age).isBefore(now));
        return new State(trustDomain, published, left, identities);
    }
}
