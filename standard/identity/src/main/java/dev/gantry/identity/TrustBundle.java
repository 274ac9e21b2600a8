// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Finding;
import dev.gantry.content.Json;
import dev.gantry.content.Read;
import dev.gantry.content.Tree;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The anchors of a trust domain, as published in a SPIFFE bundle: a JWK Set whose `x509-svid` entries carry one
/// certificate each (ID-073). It does not say of which trust domain it is; its keeper knows.
///
/// @param anchors equally valid; more than one during a rotation; never none (ID-076)
/// @param sequence grows with every change of the content, unsigned 64 bits (ID-083)
/// @param refreshHint how long a reader should wait before it asks again, clamped to [#LEAST_HINT] … [#MOST_HINT]
///     (B-12)
/// @param ignored what stood in the document but is no usable anchor, entry by entry, for the log (ID-074, B-13)
public record TrustBundle(
        List<X509Certificate> anchors,
        Optional<BigInteger> sequence,
        Optional<Duration> refreshHint,
        List<Finding> ignored) {
    /// The shortest refresh interval that a hint can ask for.
    public static final Duration LEAST_HINT = Duration.ofSeconds(60);

    /// The longest refresh interval that a hint can ask for.
    public static final Duration MOST_HINT = Duration.ofDays(30);

    /// More anchors than this are refused: every one may cost a signature check per connection.
    public static final int ANCHORS = 64;

    private static final BigInteger UNSIGNED_64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    public TrustBundle {
        anchors = List.copyOf(anchors);
        ignored = List.copyOf(ignored);
        if (anchors.isEmpty()) {
            throw Fault.invalid("a trust bundle without an X.509 anchor (ID-076)");
        }
        if (anchors.size() > ANCHORS) {
            throw Fault.invalid("a trust bundle with more than " + ANCHORS + " anchors");
        }
        sequence.ifPresent(number -> {
            if (number.signum() < 0 || number.compareTo(UNSIGNED_64) > 0) {
                throw Fault.invalid("a sequence that is no unsigned 64-bit number");
            }
        });
        refreshHint = refreshHint.map(TrustBundle::clamped);
    }

    /// A bundle to publish.
    public static TrustBundle of(List<X509Certificate> anchors, BigInteger sequence, Duration refreshHint) {
        return new TrustBundle(anchors, Optional.of(sequence), Optional.of(refreshHint), List.of());
    }

    /// Reads a bundle. Entries that are no usable anchors are left out and told in `ignored`; when none is left,
    /// or the document is no JWK Set, it is `INVALID` as a whole and the reader keeps what it has (ID-076,
    /// ID-077).
    public static Read<TrustBundle> read(Blob source) {
        if (!(Json.read(source) instanceof Tree.Obj root)
                || !(root.get("keys").orElse(null) instanceof Tree.Arr(var keys))) {
            throw Fault.invalid("the trust bundle is not a JWK Set: it has no array \"keys\"");
        }
        var ignored = new ArrayList<Finding>();
        var anchors = new ArrayList<X509Certificate>();
        for (int i = 0; i < keys.size(); i++) {
            try {
                X509Certificate anchor = anchor(keys.get(i));
                if (!anchors.contains(anchor)) {
                    anchors.add(anchor);
                }
            } catch (Fault | SvidRefused e) {
                ignored.add(new Finding("keys[" + i + "]", "ID-074", "was ignored: " + e.getMessage()));
            }
        }
        if (anchors.isEmpty()) {
            throw Fault.invalid("the trust bundle", withNoAnchor(ignored));
        }
        Optional<BigInteger> sequence =
                whole(root, "spiffe_sequence", ignored).filter(number -> number.compareTo(UNSIGNED_64) <= 0);
        Optional<Duration> hint = whole(root, "spiffe_refresh_hint", ignored)
                .map(seconds -> Duration.ofSeconds(
                        seconds.min(BigInteger.valueOf(MOST_HINT.toSeconds())).longValueExact()));
        return new Read<>(source, new TrustBundle(anchors, sequence, hint, ignored));
    }

    private static List<Finding> withNoAnchor(List<Finding> ignored) {
        var findings = new ArrayList<Finding>();
        findings.add(new Finding("keys", "ID-076", "has no usable X.509 anchor"));
        findings.addAll(ignored);
        return findings;
    }

    private static X509Certificate anchor(Tree entry) throws SvidRefused {
        if (!(entry instanceof Tree.Obj key)) {
            throw Fault.invalid("it is not an object");
        }
        if (!"x509-svid".equals(text(key, "use"))) {
            throw Fault.invalid("its use is not \"x509-svid\"");
        }
        if (!(key.get("x5c").orElse(null) instanceof Tree.Arr(var certificates))
                || certificates.isEmpty()
                || !(certificates.getFirst() instanceof Tree.Str(var base64))) {
            throw Fault.invalid("it has no certificate in \"x5c\"");
        }
        X509Certificate certificate = Pem.certificate(decoded(base64));
        SvidProfile.checkAuthority(certificate);
        JsonWebKey.checkEqual(key, certificate.getPublicKey());
        return certificate;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw Fault.invalid("its certificate is not base64");
        }
    }

    private static @Nullable String text(Tree.Obj object, String name) {
        return object.get(name).orElse(null) instanceof Tree.Str(var value) ? value : null;
    }

    /// An optional number that is not worth losing the anchors for: a malformed one is ignored and told.
    private static Optional<BigInteger> whole(Tree.Obj root, String name, List<Finding> ignored) {
        Tree member = root.get(name).orElse(null);
        if (member == null) {
            return Optional.empty();
        }
        if (member instanceof Tree.Num(BigDecimal value)
                && value.signum() >= 0
                && value.stripTrailingZeros().scale() <= 0
                && value.precision() - value.scale() <= UNSIGNED_64.bitLength()) {
            return Optional.of(value.toBigIntegerExact());
        }
        ignored.add(new Finding(name, "", "was ignored: it is not a whole number"));
        return Optional.empty();
    }

    private static Duration clamped(Duration hint) {
        Duration atLeast = hint.compareTo(LEAST_HINT) < 0 ? LEAST_HINT : hint;
        return atLeast.compareTo(MOST_HINT) > 0 ? MOST_HINT : atLeast;
    }

    /// The document, in canonical form: equal bundles have equal bytes, and so equal ETags.
    public Blob write() {
        List<Tree.Obj> keys = anchors.stream()
                .map(anchor -> Tree.members()
                        .putAll(JsonWebKey.members(anchor.getPublicKey()))
                        .put("use", "x509-svid")
                        .put("x5c", Tree.ofTexts(List.of(Base64.getEncoder().encodeToString(Pem.encoded(anchor)))))
                        .build())
                .toList();
        return Json.canonical(Tree.members()
                .put("keys", Tree.of(keys))
                .put("spiffe_sequence", sequence.map(number -> Tree.of(new BigDecimal(number))))
                .put("spiffe_refresh_hint", refreshHint.map(hint -> Tree.of(hint.toSeconds())))
                .build());
    }

    /// Whether any anchor can validate something at this time; one with none is refused by its keeper (B-15).
    public boolean isUsableAt(Instant now) {
        return anchors.stream()
                .anyMatch(anchor -> !now.isAfter(anchor.getNotAfter().toInstant()));
    }
}
