// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Secret;
import dev.gantry.content.Text;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Who may pull and who may push. One user may push, with the push token as password (Basic) or as it is (Bearer), or
/// with a token that the registry issued for it; this is how Docker signs in to a registry that others pull from
/// without signing in (distribution token specification).
final class Permit {
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\[\\]:_-]{1,260}");

    /// How the registry is protected.
    ///
    /// @param user who may push
    /// @param token the push token, from the folder's owner-only file
    /// @param anonymousPull whether everybody may pull
    /// @param scheme of the listener, `http` or `https`, for the address of the token service
    record Rules(String user, Secret token, boolean anonymousPull, String scheme) {}

    private enum Right {
        PULL,
        PUSH
    }

    private final Rules rules;
    private final RegistryLimits limits;
    private final InstantSource clock;
    private final SecretKeySpec key;

    /// @param key for the tokens that we issue, fresh for each start of the process
    Permit(Rules rules, RegistryLimits limits, InstantSource clock, byte[] key) {
        this.rules = rules;
        this.limits = limits;
        this.clock = clock;
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    void mayPull(Request request) {
        if (!rules.anonymousPull() && rights(request).isEmpty()) {
            throw unauthorized(request);
        }
    }

    void mayPush(Request request) {
        if (rights(request).filter(Right.PUSH::equals).isEmpty()) {
            throw unauthorized(request);
        }
    }

    /// Whether the caller has shown anything that we accept.
    void isKnown(Request request) {
        if (rights(request).isEmpty()) {
            throw unauthorized(request);
        }
    }

    /// One challenge only: beside a Basic one, Docker gives up a pull without a login instead of asking for a token.
    private OciError unauthorized(Request request) {
        String host = request.headers()
                .get("Host")
                .filter(name -> HOST.matcher(name).matches())
                .orElse("localhost");
        String realm = rules.scheme() + "://" + host + "/v2/token";
        return new OciError(
                OciError.Code.UNAUTHORIZED,
                401,
                "sign in as " + rules.user() + " with the push token of this registry",
                Headers.of("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"gantry-registry\""));
    }

    /// Issues a token: for pushing to who signs in, for pulling to everybody if that is allowed.
    String issue(Request request) {
        Optional<String> authorization = request.headers().get("Authorization");
        Right right = switch (authorization.flatMap(this::right).orElse(Right.PULL)) {
            case PUSH -> Right.PUSH;
            case PULL -> {
                if (authorization.isPresent() || !rules.anonymousPull()) {
                    throw unauthorized(request);
                }
                yield Right.PULL;
            }
        };
        String claim = right + "." + clock.instant().plus(limits.tokenAge()).getEpochSecond();
        return claim + "." + signature(claim);
    }

    private Optional<Right> rights(Request request) {
        return request.headers().get("Authorization").flatMap(this::right);
    }

    private Optional<Right> right(String authorization) {
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return basic(authorization.substring(BASIC.length()).strip());
        }
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String token = authorization.substring(BEARER.length()).strip();
            return rules.token().matches(token) ? Optional.of(Right.PUSH) : issued(token);
        }
        return Optional.empty();
    }

    private Optional<Right> basic(String encoded) {
        try {
            String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            boolean user = colon >= 0 && same(text.substring(0, colon), rules.user());
            boolean token = rules.token().matches(text.substring(colon + 1));
            return user && token ? Optional.of(Right.PUSH) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Optional<Right> issued(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !same(signature(parts[0] + "." + parts[1]), parts[2])) {
            return Optional.empty();
        }
        Instant until = Instant.ofEpochSecond(Long.parseLong(parts[1]));
        return clock.instant().isBefore(until) ? Optional.of(Right.valueOf(parts[0])) : Optional.empty();
    }

    private String signature(String claim) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(claim.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "pushes by " + Text.quoted(rules.user()) + (rules.anonymousPull() ? ", pulls by everybody" : "");
    }
}
