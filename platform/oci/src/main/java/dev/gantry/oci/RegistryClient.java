// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Json;
import dev.gantry.content.Limits;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What we want of OCI registries (distribution-spec 1.1): resolve, pull and push. What comes back has the digest that
/// was asked for and keeps the limits, or does not come back at all (AD-081, AD-096). Safe for many threads; an
/// interrupt ends a transfer.
///
/// Every failure names registry, repository and tag or digest: `MISSING` what is not there, `REFUSED` who may not,
/// `UNAVAILABLE` when to try again, `INVALID` what does not keep its promise.
@Requirement({"AD-071", "AD-080", "AD-081", "AD-096"})
public final class RegistryClient {
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;.*\\brel=\"?next\"?");
    private static final String OCTETS = "application/octet-stream";

    /// A manifest and the media type that the registry keeps for it.
    public record Fetched(String mediaType, Blob blob) {
        public Digest digest() {
            return blob.digest();
        }
    }

    private final Session session;
    private final ClientLimits limits;

    public RegistryClient(
            Connections connections, Credentials credentials, Access access, ClientLimits limits, InstantSource clock) {
        this.session = new Session(connections, credentials, access, limits, clock);
        this.limits = limits;
    }

    /// What a tag names now. A reference that carries a digest is not looked up.
    public Digest resolve(Reference reference) {
        if (reference.digest().isPresent()) {
            return reference.digest().get();
        }
        Request head = Request.of("HEAD", path(reference, "manifests/" + reference.manifest()))
                .with("Accept", OciTypes.ACCEPTED);
        Response answer = session.send(reference, false, head);
        Session.discard(answer);
        Optional<String> named = answer.headers().get("Docker-Content-Digest").filter(Digest::isDigest);
        if (answer.status() == 200 && named.isPresent()) {
            return new Digest(named.get());
        }
        return manifest(reference).digest();
    }

    /// The manifest or index of a tag or digest, with exactly the bytes that the registry keeps.
    public Fetched manifest(Reference reference) {
        Request get = Request.get(path(reference, "manifests/" + reference.manifest()))
                .with("Accept", OciTypes.ACCEPTED);
        Response answer = expect(200, session.send(reference, false, get), reference);
        Blob blob = Transfer.whole(answer.body(), limits.manifestBytes(), "the manifest " + reference);
        Optional<Digest> promised = reference
                .digest()
                .or(() -> answer.headers()
                        .get("Docker-Content-Digest")
                        .filter(Digest::isDigest)
                        .map(Digest::new));
        promised.filter(digest -> !digest.equals(blob.digest())).ifPresent(digest -> {
            throw altered(reference, digest);
        });
        return new Fetched(answer.headers().mediaType().orElse(OciTypes.MANIFEST), blob);
    }

    private static Fault altered(Reference reference, Digest digest) {
        return Fault.invalid("the registry " + reference.registry() + " sent other bytes than " + digest + " for "
                + reference + "; push the content again, or check what lies between");
    }

    /// A blob in memory.
    public Blob blob(Reference reference, Descriptor content) {
        limit(reference, content, limits.memoryBytes());
        Response answer =
                expect(200, session.send(reference, false, blobRequest("GET", reference, content)), reference);
        return Transfer.intoMemory(answer.body(), content, shown(reference, content));
    }

    /// A blob in a file, which appears whole and durable, or not at all.
    public void blob(Reference reference, Descriptor content, Path file) {
        limit(reference, content, limits.fileBytes());
        Response answer =
                expect(200, session.send(reference, false, blobRequest("GET", reference, content)), reference);
        Transfer.intoFile(answer.body(), content, file, shown(reference, content));
    }

    private static String shown(Reference reference, Descriptor content) {
        return "the blob " + content.digest() + " of " + reference;
    }

    private static void limit(Reference reference, Descriptor content, long most) {
        if (content.size() > most) {
            throw Fault.invalid(shown(reference, content) + " has " + content.size() + " bytes, the limit is " + most);
        }
    }

    private static Request blobRequest(String method, Reference reference, Descriptor content) {
        return Request.of(method, path(reference, "blobs/" + content.digest()));
    }

    private static String path(Reference reference, String rest) {
        return "/v2/" + reference.repository() + "/" + rest;
    }

    /// Every tag of a repository, in the registry's order.
    public List<String> tags(Reference reference) {
        var tags = new ArrayList<String>();
        Optional<String> target = Optional.of(path(reference, "tags/list"));
        while (target.isPresent()) {
            Response answer = expect(200, session.send(reference, false, Request.get(target.get())), reference);
            Blob body = Transfer.whole(answer.body(), limits.answerBytes(), "the list of tags of " + reference.name());
            List<String> page = Fields.read("the list of tags of " + reference.name(), Json.read(body), fields -> {
                Optional<List<String>> names = fields.tree().get("tags").isEmpty()
                                || fields.tree().get("tags").get() instanceof Tree.Null
                        ? Optional.of(List.of())
                        : fields.texts("tags", "AD-072");
                return names::orElseThrow;
            });
            tags.addAll(page);
            if (tags.size() > limits.tags()) {
                throw Fault.invalid(reference.name() + " has more than " + limits.tags() + " tags");
            }
            target = page.isEmpty()
                    ? Optional.empty()
                    : answer.headers()
                            .get("Link")
                            .flatMap(RegistryClient::next)
                            .map(link -> session.atHome(reference, link));
        }
        return List.copyOf(tags);
    }

    private static Optional<String> next(String link) {
        Matcher matcher = NEXT.matcher(link);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// Copies what a reference names into a layout, under the reference's tag or digest; the layout is not saved.
    public Digest pull(Reference reference, ImageLayout into) {
        Fetched root = manifest(reference);
        into.blobs().put(root.blob());
        Descriptor entry = Descriptor.of(root.mediaType(), root.blob());
        pullChildren(reference, entry, into, new HashSet<>());
        into.add(entry, reference.manifest());
        return entry.digest();
    }

    private void pullChildren(Reference reference, Descriptor parent, ImageLayout into, Set<Digest> seen) {
        for (Descriptor child : into.children(parent)) {
            if (!seen.add(child.digest())) {
                continue;
            }
            if (seen.size() > limits.contents()) {
                throw Fault.invalid(reference + " consists of more than " + limits.contents() + " parts");
            }
            if (OciTypes.isIndex(parent.mediaType())) {
                into.blobs().put(manifest(reference.withDigest(child.digest())).blob());
                pullChildren(reference, child, into, seen);
            } else if (!into.blobs().has(child.digest())) {
                Optional<Path> file = into.file(child.digest());
                if (file.isPresent()) {
                    blob(reference, child, file.get());
                } else {
                    into.blobs().put(blob(reference, child));
                }
            }
        }
    }

    /// Copies a named manifest of a layout and what it points to to a registry: blobs first, then manifests, the tag
    /// last (AD-080). What is there already is not sent again.
    public Digest push(ImageLayout layout, String name, Reference target) {
        Descriptor root = layout.entry(name);
        pushManifest(layout, root, target, target.manifest());
        return root.digest();
    }

    private void pushManifest(ImageLayout layout, Descriptor manifest, Reference target, String name) {
        for (Descriptor child : layout.children(manifest)) {
            if (OciTypes.isIndex(manifest.mediaType())) {
                pushManifest(layout, child, target, child.digest().value());
            } else {
                pushBlob(layout, child, target);
            }
        }
        Request put = Request.of("PUT", path(target, "manifests/" + name))
                .with(manifest.mediaType(), Body.of(layout.blob(manifest.digest())));
        Session.discard(expect(201, session.send(target, true, put), target));
    }

    private void pushBlob(ImageLayout layout, Descriptor blob, Reference target) {
        Response there = session.send(target, true, blobRequest("HEAD", target, blob));
        Session.discard(there);
        if (there.status() == 200) {
            return;
        }
        Request start = Request.of("POST", path(target, "blobs/uploads/"));
        Response started = expect(202, session.send(target, true, start), target);
        Session.discard(started);
        String location = started.headers()
                .get("Location")
                .orElseThrow(
                        () -> Fault.invalid("the registry " + target.registry() + " does not say where to upload to"));
        String place = session.atHome(target, location);
        Request put = Request.of("PUT", place + (place.contains("?") ? "&" : "?") + "digest=" + blob.digest())
                .with(OCTETS, layout.body(blob));
        Session.discard(expect(201, session.send(target, true, put), target));
    }

    private Response expect(int status, Response answer, Reference reference) {
        if (answer.status() == status) {
            return answer;
        }
        String said = said(answer);
        throw switch (answer.status()) {
            case 404 ->
                new Fault(
                        Fault.Kind.MISSING,
                        "the registry " + reference.registry() + " has no " + reference + said
                                + "; check the name, or push it first");
            case 401, 403 ->
                new Fault(
                        Fault.Kind.REFUSED,
                        "the registry " + reference.registry() + " refuses " + reference + said
                                + "; check the user and the token for this registry");
            case 408, 429, 500, 502, 503, 504, 507 ->
                new Fault(
                        Fault.Kind.UNAVAILABLE,
                        "the registry " + reference.registry() + " cannot serve " + reference + " now, it answered "
                                + answer.status() + said + "; try again later");
            default ->
                Fault.invalid("the registry " + reference.registry() + " answered " + answer.status() + " for "
                        + reference + said);
        };
    }

    /// The first error of the registry's answer, if it has the form of the specification.
    private String said(Response answer) {
        try {
            Blob body = answer.body().whole(limits.answerBytes());
            return body.size() == 0
                    ? ""
                    : Fields.read("error", Json.read(body, Limits.DOCUMENT), fields -> {
                        List<Fields> errors = fields.objects("errors", "");
                        String code = errors.isEmpty()
                                ? ""
                                : errors.getFirst().text("code", "").orElse("");
                        String message = errors.isEmpty()
                                ? ""
                                : errors.getFirst().text("message", "").orElse("");
                        return () -> " (" + Text.quoted(code + ": " + message) + ")";
                    });
        } catch (Fault | UncheckedIOException _) {
            return "";
        }
    }
}
