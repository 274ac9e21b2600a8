// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Sends requests to registries as whoever we are there: answers challenges once, keeps tokens until they end, and
/// follows the redirects of downloads without telling anybody else who we are.
final class Session {
    private static final int HOPS = 5;
    private static final int EVERYDAY_TOKEN = 60;
    private static final int EARLY = 10;
    private static final int LONGEST_TOKEN = 24 * 3600;

    private record Token(String header, Instant until) {}

    private record Key(String registry, String repository, boolean push) {}

    private record Place(URI origin, String target) {}

    private final Connections connections;
    private final Credentials credentials;
    private final Access access;
    private final ClientLimits limits;
    private final InstantSource clock;
    private final Map<Key, Token> tokens = new ConcurrentHashMap<>();

    Session(Connections connections, Credentials credentials, Access access, ClientLimits limits, InstantSource clock) {
        this.connections = connections;
        this.credentials = credentials;
        this.access = access;
        this.limits = limits;
        this.clock = clock;
    }

    /// The answer of the registry, after signing in when it asks for that.
    ///
    /// @param push whether the repository is going to be changed
    Response send(Reference reference, boolean push, Request request) {
        var key = new Key(reference.registry(), reference.repository(), push);
        Optional<Token> known = Optional.ofNullable(tokens.get(key))
                .filter(token -> clock.instant().isBefore(token.until()));
        Response first = follow(reference, request, known.map(Token::header));
        if (first.status() != 401) {
            return first;
        }
        List<Challenge> challenges = first.headers().all("WWW-Authenticate").stream()
                .flatMap(field -> Challenge.parse(field).stream())
                .toList();
        discard(first);
        Optional<Token> fresh = token(reference, push, challenges);
        if (fresh.isEmpty()) {
            throw refused(reference, push);
        }
        tokens.put(key, fresh.get());
        Response second = follow(reference, request, Optional.of(fresh.get().header()));
        if (second.status() == 401) {
            tokens.remove(key);
            discard(second);
            throw refused(reference, push);
        }
        return second;
    }

    private static Fault refused(Reference reference, boolean push) {
        return new Fault(
                Fault.Kind.REFUSED,
                "the registry " + reference.registry() + " does not let us " + (push ? "push to " : "pull from ")
                        + reference.repository() + "; check the user and the token for this registry");
    }

    private Optional<Token> token(Reference reference, boolean push, List<Challenge> challenges) {
        for (Challenge challenge : challenges) {
            Optional<Token> token = switch (challenge.scheme()) {
                case "bearer" -> bearer(reference, push, challenge);
                case "basic" -> basic(reference.registry()).map(header -> new Token(header, Instant.MAX));
                default -> Optional.empty();
            };
            if (token.isPresent()) {
                return token;
            }
        }
        return Optional.empty();
    }

    private Optional<String> basic(String registry) {
        return credentials
                .at(registry)
                .map(login -> "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (login.user() + ":" + login.secret().reveal())
                                                .getBytes(StandardCharsets.UTF_8)));
    }

    /// Asks the token service that the registry names (distribution token specification).
    private Optional<Token> bearer(Reference reference, boolean push, Challenge challenge) {
        Optional<Place> realm = challenge.parameter("realm").flatMap(Session::place);
        if (realm.isEmpty()) {
            return Optional.empty();
        }
        if (!allowed(realm.get().origin())) {
            throw Fault.invalid("the registry " + reference.registry() + " names a token service without TLS: "
                    + Text.quoted(realm.get().origin().toString()));
        }
        String scope = challenge
                .parameter("scope")
                .orElse("repository:" + reference.repository() + ":" + (push ? "pull,push" : "pull"));
        String target = realm.get().target();
        String query = (target.contains("?") ? "&" : "?")
                + challenge
                        .parameter("service")
                        .map(name -> "service=" + encoded(name) + "&")
                        .orElse("")
                + "scope=" + encoded(scope);
        Request request = Request.get(target + query);
        Optional<String> basic = basic(reference.registry());
        Response answer = send(
                realm.get().origin(),
                reference,
                basic.isPresent() ? request.with("Authorization", basic.get()) : request);
        if (answer.status() == 401 || answer.status() == 403) {
            discard(answer);
            return Optional.empty();
        }
        if (answer.status() != 200) {
            discard(answer);
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "the token service " + realm.get().origin() + " of the registry " + reference.registry()
                            + " answered " + answer.status() + "; try again later");
        }
        return Optional.of(Fields.read(
                "the token",
                Json.read(Transfer.whole(answer.body(), limits.answerBytes(), "the token for " + reference)),
                this::token));
    }

    private Supplier<Token> token(Fields fields) {
        Optional<String> token = fields.text("token", "").or(() -> fields.text("access_token", ""));
        if (token.isEmpty()) {
            fields.wrong("token", "", "is required");
        }
        int seconds = fields.number("expires_in", "")
                .map(BigDecimal::intValue)
                .map(value -> Math.clamp(value, 0, LONGEST_TOKEN))
                .orElse(EVERYDAY_TOKEN);
        return () -> new Token("Bearer " + token.orElseThrow(), clock.instant().plusSeconds(seconds - EARLY));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Response follow(Reference reference, Request request, Optional<String> authorization) {
        URI home = access.origin(reference.registry());
        var place = new Place(home, request.target());
        for (int hop = 0; hop <= HOPS; hop++) {
            var next = new Request(request.method(), place.target(), request.headers(), request.body());
            boolean known = authorization.isPresent() && place.origin().equals(home);
            Response answer =
                    send(place.origin(), reference, known ? next.with("Authorization", authorization.get()) : next);
            Optional<Place> moved = moved(request, place, answer);
            if (moved.isEmpty()) {
                return answer;
            }
            discard(answer);
            place = moved.get();
            if (!allowed(place.origin())) {
                throw Fault.invalid("the registry " + reference.registry() + " sends us to a place without TLS: "
                        + Text.quoted(place.origin().toString()));
            }
        }
        throw Fault.invalid("the registry " + reference.registry() + " redirects " + reference + " in circles");
    }

    /// Downloads may be redirected, to an object store for example; uploads are not.
    private static Optional<Place> moved(Request request, Place from, Response answer) {
        boolean redirect = switch (answer.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
        if (!redirect || !(request.method().equals("GET") || request.method().equals("HEAD"))) {
            return Optional.empty();
        }
        return answer.headers().get("Location").flatMap(location -> resolved(from.origin(), from.target(), location));
    }

    private static Optional<Place> resolved(URI origin, String target, String location) {
        try {
            return place(URI.create(origin + target).resolve(new URI(location)).toString());
        } catch (URISyntaxException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The path and query of a location below the registry itself; anywhere else is `INVALID`.
    String atHome(Reference reference, String location) {
        URI home = access.origin(reference.registry());
        return resolved(home, "/", location)
                .filter(place -> place.origin().equals(home))
                .map(Place::target)
                .orElseThrow(() -> Fault.invalid("the registry " + reference.registry()
                        + " names a place outside of itself: " + Text.quoted(location)));
    }

    private static Optional<Place> place(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() == null || uri.getRawAuthority() == null || uri.getRawUserInfo() != null) {
                return Optional.empty();
            }
            URI origin = URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return Optional.of(new Place(origin, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery()));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private boolean allowed(URI origin) {
        return "https".equals(origin.getScheme())
                || "http".equals(origin.getScheme()) && access.allowsPlain(origin.getRawAuthority());
    }

    private Response send(URI origin, Reference reference, Request request) {
        try {
            return connections.to(origin).send(request);
        } catch (Unreachable e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "cannot reach " + origin + " for " + reference + ": " + e.getMessage()
                            + "; check the address, the network and the proxy",
                    e);
        }
    }

    /// Lets the connection go.
    static void discard(Response response) {
        try (var body = response.body().open()) {
            body.skip(0);
        } catch (IOException _) {
            // Nobody wanted the rest of it.
        }
    }
}
