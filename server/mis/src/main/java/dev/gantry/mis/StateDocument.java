// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.Pem;
import dev.gantry.identity.SpiffeId;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustDomain;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// The [State] as a JSON document. Unknown members are refused: they are of a later version, whose meaning would
/// be lost with the next change.
final class StateDocument {
    /// For the most tokens and identities that [MisLimits] allows.
    static final Limits LIMITS = new Limits(32 << 20, 16, 1_000_000);

    private static final long VERSION = 1;

    private StateDocument() {}

    static Blob write(State state) {
        return Json.canonical(Tree.members()
                .put("version", VERSION)
                .put("trustDomain", state.trustDomain().name())
                .put("bundleSequence", state.published().sequence())
                .put("bundleContent", state.published().content().value())
                .put("tokens", objects(state.tokens(), StateDocument::token))
                .put("identities", objects(state.identities(), StateDocument::enrolled))
                .build());
    }

    private static <T> Tree objects(SortedMap<String, T> all, BiConsumer<Tree.Members, T> writer) {
        var members = Tree.members();
        all.forEach((name, value) -> {
            var one = Tree.members();
            writer.accept(one, value);
            members.put(name, one.build());
        });
        return members.build();
    }

    private static void token(Tree.Members to, State.Token token) {
        to.put("secret", token.secret().value())
                .put("identity", token.identity().spiffeId().value())
                .put("expires", token.expires().toString())
                .put("wrongSecrets", token.wrongSecrets());
        State.Use use = token.use();
        if (use != null) {
            to.put("usedWith", use.key().value()).put("chain", Pem.of(use.chain()));
        }
    }

    private static void enrolled(Tree.Members to, State.Enrolled enrolled) {
        to.put("since", enrolled.since().toString())
                .put("expires", enrolled.expires().toString())
                .put(
                        "keys",
                        Tree.ofTexts(
                                enrolled.keys().stream().map(SpkiPin::value).toList()));
    }

    static State read(Blob source) {
        return Fields.read("records of the identity service", Json.read(source, LIMITS), fields -> {
            count(fields, "version")
                    .filter(version -> version != VERSION)
                    .ifPresent(_ -> fields.wrong("version", "", "is not " + VERSION + "; a later Gantry wrote this"));
            var domain = fields.need("trustDomain", "", TrustDomain::new);
            var sequence = count(fields, "bundleSequence");
            var content = fields.need("bundleContent", "", Digest::new);
            var tokens = new TreeMap<String, State.Token>();
            fields.needAny("tokens", "");
            fields.map("tokens", "").forEach((id, one) -> token(one).ifPresent(token -> tokens.put(id, token)));
            var identities = new TreeMap<String, State.Enrolled>();
            fields.needAny("identities", "");
            fields.map("identities", "")
                    .forEach((id, one) -> enrolled(one).ifPresent(enrolled -> identities.put(id, enrolled)));
            fields.closed("", List.of());
            return () -> new State(
                    domain.orElseThrow(),
                    new State.Published(sequence.orElseThrow(), content.orElseThrow()),
                    tokens,
                    identities);
        });
    }

    private static Optional<State.Token> token(Fields fields) {
        var secret = fields.need("secret", "", Digest::new);
        var identity = fields.need("identity", "", StateDocument::identity);
        var expires = fields.need("expires", "", StateDocument::instant);
        var wrong = count(fields, "wrongSecrets");
        var key = fields.value("usedWith", "", SpkiPin::new);
        var chain = fields.value("chain", "", Pem::certificates);
        if (key.isPresent() != chain.isPresent()) {
            fields.wrong("chain", "", "stands beside usedWith or not at all");
        }
        fields.closed("", List.of());
        if (secret.isEmpty() || identity.isEmpty() || expires.isEmpty() || wrong.isEmpty()) {
            return Optional.empty();
        }
        State.Use use = key.isPresent() && chain.isPresent() ? new State.Use(key.get(), chain.get()) : null;
        return Optional.of(new State.Token(
                secret.get(), identity.get(), expires.get(), wrong.get().intValue(), use));
    }

    private static Optional<State.Enrolled> enrolled(Fields fields) {
        var since = fields.need("since", "", StateDocument::instant);
        var expires = fields.need("expires", "", StateDocument::instant);
        fields.needAny("keys", "");
        List<SpkiPin> keys = fields.texts("keys", "").orElse(List.of()).stream()
                .map(SpkiPin::new)
                .toList();
        fields.closed("", List.of());
        return since.isEmpty() || expires.isEmpty()
                ? Optional.empty()
                : Optional.of(new State.Enrolled(since.get(), expires.get(), keys));
    }

    private static Optional<Long> count(Fields fields, String name) {
        Optional<BigDecimal> number = fields.needNumber(name, "");
        try {
            return number.map(BigDecimal::longValueExact);
        } catch (ArithmeticException _) {
            fields.wrong(name, "", "is not a whole number of 64 bits");
            return Optional.empty();
        }
    }

    private static MargoIdentity identity(String text) {
        return MargoIdentity.of(new SpiffeId(text))
                .orElseThrow(() -> Fault.invalid(Text.quoted(text) + " names no WFM and no client"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Fault(Fault.Kind.INVALID, Text.quoted(text) + " is not a time", e);
        }
    }
}
