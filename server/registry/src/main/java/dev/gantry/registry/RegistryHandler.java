// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.registry.OciError.Code;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The protocol of the distribution specification 1.1 over a folder: pull, push (monolithic, in one request, in
/// chunks),
/// mount, and lists of tags. Digests are verified before content appears. Deleting is not offered: a deployed
/// application must stay installable.
///
/// May block; needs nothing but the folder, and several may not share one.
@Requirement({"AD-071", "AD-072", "AD-080", "AD-081", "AD-082"})
public final class RegistryHandler implements Handler {
    private static final Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads/?");
    private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]+)");
    private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([^/]+)");
    private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
    private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    private static final Pattern CONTENT_RANGE = Pattern.compile("(?:bytes )?([0-9]{1,18})-([0-9]{1,18})(?:/.*)?");
    private static final String DIGEST = "Docker-Content-Digest";
    private static final String JSON = "application/json";

    private final Store store;
    private final Uploads uploads;
    private final Permit permit;
    private final RegistryLimits limits;

    RegistryHandler(Path folder, Permit permit, RegistryLimits limits, InstantSource clock, Supplier<UUID> ids) {
        this.store = new Store(folder);
        this.uploads = new Uploads(folder.resolve("uploads"), store, limits, clock, ids);
        this.permit = permit;
        this.limits = limits;
    }

    /// A registry inside another process: everybody may pull, who knows the token may push.
    ///
    /// @param key signs the short-lived tokens that it gives out; 32 random bytes
    public static RegistryHandler open(Path folder, Secret pushToken, byte[] key, InstantSource clock) {
        var permit =
                new Permit(new Permit.Rules("gantry", pushToken, true, "http"), RegistryLimits.DEFAULT, clock, key);
        return new RegistryHandler(folder, permit, RegistryLimits.DEFAULT, clock, UUID::randomUUID);
    }

    @Override
    public Response handle(Caller caller, Request request) {
        Response response;
        try {
            response = route(request);
        } catch (OciError error) {
            response = error.response();
        } catch (Fault fault) {
            response = new OciError(code(fault), fault.getMessage()).response();
        } catch (UncheckedIOException _) {
            response = new OciError(Code.UNAVAILABLE, "the request broke off; send it again").response();
        }
        return response.with("Docker-Distribution-API-Version", "registry/2.0");
    }

    private static Code code(Fault fault) {
        return switch (fault.kind()) {
            case INVALID -> Code.MANIFEST_INVALID;
            case REFUSED -> Code.DENIED;
            case MISSING -> Code.NAME_UNKNOWN;
            case CONFLICT -> Code.BLOB_UPLOAD_INVALID;
            case UNAVAILABLE, BROKEN -> Code.UNAVAILABLE;
        };
    }

    private Response route(Request request) {
        String path = request.rawPath().replaceAll("%3[Aa]", ":");
        if (path.equals("/v2/") || path.equals("/v2")) {
            permit.isKnown(request);
            return Response.of(200, JSON, Json.canonical(Tree.Obj.EMPTY));
        }
        if (path.equals("/v2/token")) {
            return token(request);
        }
        Matcher match = UPLOADS.matcher(path);
        if (match.matches()) {
            return startUpload(request, Names.repository(match.group(1)));
        }
        match = UPLOAD.matcher(path);
        if (match.matches()) {
            return upload(request, Names.repository(match.group(1)), match.group(2));
        }
        match = BLOB.matcher(path);
        if (match.matches()) {
            return blob(request, Names.repository(match.group(1)), Names.digest(match.group(2)));
        }
        match = MANIFEST.matcher(path);
        if (match.matches()) {
            return manifest(request, Names.repository(match.group(1)), match.group(2));
        }
        match = TAGS.matcher(path);
        if (match.matches()) {
            return tags(request, Names.repository(match.group(1)));
        }
        throw new OciError(Code.UNSUPPORTED, 404, "there is nothing at " + Text.quoted(path), Headers.NONE);
    }

    private static OciError unsupported(Request request) {
        return new OciError(Code.UNSUPPORTED, "the method " + Text.quoted(request.method()) + " is not offered here");
    }

    private Response token(Request request) {
        if (!request.method().equals("GET")) {
            throw unsupported(request);
        }
        String token = permit.issue(request);
        Tree body = Tree.members()
                .put("token", token)
                .put("access_token", token)
                .put("expires_in", limits.tokenAge().toSeconds())
                .build();
        return Response.of(200, JSON, Json.canonical(body)).with("Cache-Control", "no-store");
    }

    private Response startUpload(Request request, String repository) {
        if (!request.method().equals("POST")) {
            throw unsupported(request);
        }
        permit.mayPush(request);
        Optional<Digest> mount = request.query("mount").map(Names::digest);
        Optional<String> from = request.query("from").map(Names::repository);
        if (mount.isPresent() && from.isPresent() && store.mount(from.get(), repository, mount.get())) {
            return created("blobs", repository, mount.get());
        }
        Optional<Digest> whole = request.query("digest").map(Names::digest);
        String id = uploads.start(repository);
        if (whole.isPresent()) {
            try {
                uploads.finish(repository, id, 0, request.body(), whole.get());
            } catch (OciError e) {
                forget(repository, id);
                throw e;
            }
            return created("blobs", repository, whole.get());
        }
        return progress(202, repository, id, 0);
    }

    private void forget(String repository, String id) {
        try {
            uploads.cancel(repository, id);
        } catch (OciError _) {
            // It is gone already.
        }
    }

    private static Response created(String kind, String repository, Digest digest) {
        return Response.of(201, "Location", "/v2/" + repository + "/" + kind + "/" + digest, DIGEST, digest.value());
    }

    private static Response progress(int status, String repository, String id, long size) {
        String location = "/v2/" + repository + "/blobs/uploads/" + id;
        return Response.of(status, "Location", location, "Range", Uploads.range(size), "Docker-Upload-UUID", id);
    }

    private Response upload(Request request, String repository, String id) {
        permit.mayPush(request);
        return switch (request.method()) {
            case "GET" -> progress(204, repository, id, uploads.size(repository, id));
            case "DELETE" -> {
                uploads.cancel(repository, id);
                yield Response.of(204);
            }
            case "PATCH" -> {
                Optional<long[]> range = contentRange(request);
                long length =
                        range.map(r -> r[1] - r[0] + 1).orElse(request.body().length());
                long size = uploads.append(repository, id, range.map(r -> r[0]).orElse(-1L), length, request.body());
                yield progress(202, repository, id, size);
            }
            case "PUT" -> {
                Digest digest = Names.digest(request.query("digest")
                        .orElseThrow(() -> new OciError(Code.DIGEST_INVALID, "the parameter digest is missing")));
                long from = contentRange(request).map(range -> range[0]).orElse(-1L);
                uploads.finish(repository, id, from, request.body(), digest);
                yield created("blobs", repository, digest);
            }
            default -> throw unsupported(request);
        };
    }

    /// First and last byte of the chunk, when the client says so.
    private static Optional<long[]> contentRange(Request request) {
        return request.headers().get("Content-Range").map(text -> {
            Matcher range = CONTENT_RANGE.matcher(text);
            if (!range.matches() || Long.parseLong(range.group(1)) > Long.parseLong(range.group(2))) {
                throw new OciError(Code.BLOB_UPLOAD_INVALID, Text.quoted(text) + " is not a range such as 0-1023");
            }
            return new long[] {Long.parseLong(range.group(1)), Long.parseLong(range.group(2))};
        });
    }

    private Response blob(Request request, String repository, Digest digest) {
        boolean head = request.method().equals("HEAD");
        if (!head && !request.method().equals("GET")) {
            throw unsupported(request);
        }
        permit.mayPull(request);
        Path file = store.blob(repository, digest)
                .orElseThrow(() -> new OciError(Code.BLOB_UNKNOWN, repository + " has no blob " + digest));
        long size = size(file);
        Optional<String> asked = head ? Optional.empty() : request.headers().get("Range");
        long[] part = asked.map(text -> range(text, size)).orElse(new long[] {0, size - 1});
        boolean whole = part[0] == 0 && part[1] == size - 1;
        Response response = new Response(
                whole ? 200 : 206,
                Headers.of(
                        "Content-Type", "application/octet-stream", DIGEST, digest.value(), "Accept-Ranges", "bytes"),
                new Body.FilePart(file, part[0], part[1] - part[0] + 1));
        return whole ? response : response.with("Content-Range", "bytes " + part[0] + "-" + part[1] + "/" + size);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw Store.unavailable("read " + file.getFileName(), e);
        }
    }

    /// First and last byte that are asked for; several ranges at once are answered by the whole (RFC 9110 section
    /// 14.2).
    private static long[] range(String text, long size) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return new long[] {0, size - 1};
        }
        long first;
        long last = size - 1;
        if (range.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(range.group(2)));
        } else {
            first = Long.parseLong(range.group(1));
            last = range.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(range.group(2)));
        }
        if (first > last) {
            throw new OciError(
                    Code.SIZE_INVALID,
                    416,
                    "the blob has " + size + " bytes",
                    Headers.of("Content-Range", "bytes */" + size));
        }
        return new long[] {first, last};
    }

    private Response manifest(Request request, String repository, String reference) {
        Optional<Digest> digest = reference.contains(":") ? Optional.of(Names.digest(reference)) : Optional.empty();
        Optional<String> tag = digest.isPresent() ? Optional.empty() : Optional.of(Names.tag(reference));
        return switch (request.method()) {
            case "GET", "HEAD" -> {
                permit.mayPull(request);
                Store.Manifest found = digest.flatMap(name -> store.manifest(repository, name))
                        .or(() -> tag.flatMap(name -> store.tagged(repository, name)))
                        .orElseThrow(() -> new OciError(Code.MANIFEST_UNKNOWN, repository + " has no " + reference));
                yield new Response(
                        200,
                        Headers.of(
                                "Content-Type",
                                found.mediaType(),
                                DIGEST,
                                found.digest().value()),
                        new Body.FilePart(found.file(), 0, found.size()));
            }
            case "PUT" -> {
                permit.mayPush(request);
                yield putManifest(request, repository, tag, digest);
            }
            default -> throw unsupported(request);
        };
    }

    private Response putManifest(Request request, String repository, Optional<String> tag, Optional<Digest> digest) {
        if (request.body().length() > limits.manifestBytes()) {
            throw new OciError(
                    Code.SIZE_INVALID,
                    413,
                    "the manifest has more than " + limits.manifestBytes() + " bytes",
                    Headers.NONE);
        }
        Blob content = request.body().whole(limits.manifestBytes());
        if (request.body().length() >= 0 && content.size() != request.body().length()) {
            throw new OciError(Code.SIZE_INVALID, "the manifest broke off");
        }
        digest.filter(promised -> !promised.equals(content.digest())).ifPresent(promised -> {
            throw new OciError(
                    Code.DIGEST_INVALID, "the manifest has the digest " + content.digest() + ", not " + promised);
        });
        String mediaType = request.headers()
                .get("Content-Type")
                .map(String::strip)
                .orElseThrow(() -> new OciError(Code.MANIFEST_INVALID, "the header Content-Type is missing"));
        new ManifestCheck(store, repository).check(mediaType, content);
        store.putManifest(repository, mediaType, content, tag);
        return created("manifests", repository, content.digest());
    }

    private Response tags(Request request, String repository) {
        if (!request.method().equals("GET")) {
            throw unsupported(request);
        }
        permit.mayPull(request);
        if (!store.hasRepository(repository)) {
            throw new OciError(Code.NAME_UNKNOWN, "there is no repository " + repository);
        }
        int asked = request.query("n").map(RegistryHandler::count).orElse(limits.page());
        int most = Math.min(asked, limits.page());
        Optional<String> last = request.query("last");
        List<String> all = store.tags(repository).stream()
                .filter(tag -> last.isEmpty() || tag.compareTo(last.get()) > 0)
                .toList();
        List<String> page = all.stream().limit(most).toList();
        Tree body = Tree.members()
                .put("name", repository)
                .put("tags", Tree.ofTexts(page))
                .build();
        Response response = Response.of(200, JSON, Json.canonical(body));
        return page.isEmpty() || page.size() == all.size()
                ? response
                : response.with(
                        "Link",
                        String.format(
                                Locale.ROOT,
                                "</v2/%s/tags/list?n=%d&last=%s>; rel=\"next\"",
                                repository,
                                most,
                                page.getLast()));
    }

    private static int count(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new OciError(Code.UNSUPPORTED, 400, Text.quoted(text) + " is not a number", Headers.NONE);
        }
        return Integer.parseInt(text);
    }
}
