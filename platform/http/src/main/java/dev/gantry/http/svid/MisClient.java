// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http.svid;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.TransportConfig;
import dev.gantry.http.TransportLimits;
import dev.gantry.identity.Credential;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.TrustBundleCache;
import dev.gantry.identity.enrolment.CredentialRequest;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.identity.enrolment.IssuedCredential;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Problem;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The identity service as its clients see it. Each exchange has a connection of its own, recognised by the pin,
/// because
/// there are few and days apart (ID-056, ID-060, ID-062).
@Requirement({"ID-056", "ID-058", "ID-060", "ID-062"})
final class MisClient {
    private static final String ENROLMENTS = "/x-gantry/v1/enrolments";
    private static final String RENEWALS = "/x-gantry/v1/renewals";

    private final InstantSource clock;

    MisClient(InstantSource clock) {
        this.clock = clock;
    }

    /// What came of asking for a credential.
    sealed interface Answer {}

    /// A credential, not verified yet.
    ///
    /// @param renewals where to ask for the next one, if the service said so
    record Issued(IssuedCredential credential, Optional<URI> renewals) implements Answer {}

    /// The service does not want to, and asking the same again will not help.
    record Refused(String reason) implements Answer {}

    /// Nobody answered, or the service cannot now.
    record Later(String reason) implements Answer {}

    Answer enrol(EnrolmentToken token, String csr) {
        return ask(
                below(token.url(), ENROLMENTS),
                token.pin(),
                null,
                place -> posted(place, csr)
                        .with("Authorization", "Bearer " + token.secret().reveal()));
    }

    Answer renew(MisAddress service, Supplier<Credential> own, String csr) {
        return ask(service.renewals(), service.pin(), own, place -> posted(place, csr));
    }

    /// Where renewals are asked for when the service has not said so.
    static URI renewals(EnrolmentToken token) {
        return below(token.url(), RENEWALS);
    }

    private static URI below(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    private static Request posted(String path, String csr) {
        return Request.of("POST", path)
                .with(MediaTypes.JSON, Body.of(new CredentialRequest(csr).write()))
                .with("Accept", MediaTypes.JSON);
    }

    private Answer ask(URI place, SpkiPin pin, @Nullable Supplier<Credential> own, Function<String, Request> request) {
        try (var transport = connected(place, pin, own)) {
            Response response = transport.send(request.apply(target(place)));
            if (!response.isSuccess()) {
                Problem problem = Problem.read(response);
                String reason = problem.status() + " " + problem.title()
                        + (problem.detail().isEmpty() ? "" : ": " + problem.detail());
                boolean later = problem.status() >= 500 || problem.status() == 429 || problem.status() == 408;
                return later ? new Later(reason) : new Refused(reason);
            }
            Blob body = response.body().whole(Limits.DOCUMENT.bytes());
            return new Issued(IssuedCredential.read(body), renewals(body));
        } catch (Unreachable | UncheckedIOException e) {
            return new Later(String.valueOf(e.getMessage()));
        } catch (Fault fault) {
            return new Later("the answer of " + place + " cannot be used: " + fault.getMessage());
        }
    }

    private static Optional<URI> renewals(Blob body) {
        return Fields.read("issued credential", Json.read(body), fields -> {
            var uri = fields.value("renewalUri", "", MisAddress::uri);
            return () -> uri;
        });
    }

    private static String target(URI place) {
        String path = place.getRawPath().isEmpty() ? "/" : place.getRawPath();
        return place.getRawQuery() == null ? path : path + "?" + place.getRawQuery();
    }

    private HttpTransport connected(URI place, SpkiPin pin, @Nullable Supplier<Credential> own) {
        return new HttpTransport(new TransportConfig(
                URI.create("https://" + place.getRawAuthority()),
                own,
                new ServerCheck.Pins(Set.of(pin.value())),
                TransportLimits.DEFAULT.withAnswerBytes(Limits.DOCUMENT.bytes()),
                clock));
    }

    /// The trust bundle's endpoint (ID-071, ID-075).
    TrustBundleCache.Endpoint bundles(MisAddress service) {
        return etag -> bundle(service, etag);
    }

    private TrustBundleCache.Answer bundle(MisAddress service, Optional<String> etag) {
        URI place = service.trustBundle();
        Request plain = Request.get(target(place)).with("Accept", MediaTypes.JSON);
        try (var transport = connected(place, service.pin(), null)) {
            Response response = transport.send(
                    etag.map(tag -> plain.with("If-None-Match", tag)).orElse(plain));
            return switch (response.status()) {
                case 200 ->
                    new TrustBundleCache.Document(
                            response.body().whole(Limits.DOCUMENT.bytes()),
                            response.headers().get("ETag"));
                case 304 -> new TrustBundleCache.Unchanged();
                default -> new TrustBundleCache.Nothing(place + " answered " + response.status());
            };
        } catch (Unreachable | UncheckedIOException | Fault e) {
            return new TrustBundleCache.Nothing(String.valueOf(e.getMessage()));
        }
    }
}
