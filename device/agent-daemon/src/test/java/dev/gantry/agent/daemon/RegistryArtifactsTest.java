// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Json;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.oci.Access;
import dev.gantry.oci.ClientLimits;
import dev.gantry.oci.Credentials;
import dev.gantry.oci.Descriptor;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.Manifest;
import dev.gantry.oci.OciTypes;
import dev.gantry.oci.Reference;
import dev.gantry.oci.RegistryClient;
import dev.gantry.registry.RegistryHandler;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.Revision;
import dev.gantry.wire.Body;
import dev.gantry.wire.Caller;
import dev.gantry.wire.Handler;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import dev.gantry.wire.Unreachable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against the embedded registry's own handler, in process.
class RegistryArtifactsTest {
    private static final String HOST = "localhost:5000";
    private static final Repository REPOSITORY = new Repository("oci://" + HOST + "/acme/monitor");
    private static final Revision REVISION = new Revision("1.0.0");
    private static final Blob LAYER = Blob.utf8("the bytes of a module");

    @TempDir
    Path folder;

    private final String token = UUID.randomUUID().toString();
    private Handler registry;
    private RegistryArtifacts artifacts;
    private Digest pushed;

    @BeforeEach
    void pushAnArtifact() {
        registry = RegistryHandler.open(
                folder.resolve("registry"), new Secret(token), new byte[32], InstantSource.system());
        var layout = ImageLayout.inMemory();
        layout.put(OciTypes.EMPTY, Descriptor.EMPTY);
        var layer = layout.put("application/wasm", LAYER);
        layout.put(Manifest.artifact("application/vnd.test.v1+json", List.of(layer), new LinkedHashMap<>()), "1.0.0");
        pushed = client(Transport.to(registry, Caller.anonymous("127.0.0.1")))
                .push(layout, "1.0.0", Reference.parse(HOST + "/acme/monitor:1.0.0"));
        artifacts = over(Transport.to(registry, Caller.anonymous("127.0.0.1")));
    }

    private RegistryClient client(Transport transport) {
        return new RegistryClient(
                _ -> transport,
                Credentials.of(Map.of(HOST, new Credentials.Login("gantry", new Secret(token)))),
                Access.DEFAULT,
                ClientLimits.DEFAULT,
                InstantSource.system());
    }

    private RegistryArtifacts over(Transport transport) {
        return new RegistryArtifacts(client(transport), folder.resolve("artifacts"));
    }

    private Path stored(Digest digest) {
        return folder.resolve("artifacts").resolve(digest.hex());
    }

    @Test
    @Requirement({"AD-071", "AD-096"})
    void aTagIsResolvedAndItsArtifactBroughtHereWhole() throws Unreachable {
        Digest digest = artifacts.resolve(REPOSITORY, REVISION);
        assertEquals(pushed, digest);
        assertFalse(artifacts.isHere(digest));

        artifacts.fetch(REPOSITORY, digest);

        assertTrue(artifacts.isHere(digest));
        assertEquals(LAYER, artifacts.blobs().get(LAYER.digest()).orElseThrow());
    }

    @Test
    void whatWasBroughtHereIsThereAfterARestartWithoutTheRegistry() throws Unreachable {
        artifacts.fetch(REPOSITORY, pushed);
        var later = over(_ -> {
            throw new Unreachable("the registry is gone");
        });

        assertTrue(later.isHere(pushed));
        assertThrows(Unreachable.class, () -> later.resolve(REPOSITORY, REVISION));
    }

    @Test
    void anArtifactIsNotHereWhileALayerIsMissingOrAltered() throws Unreachable, IOException {
        artifacts.fetch(REPOSITORY, pushed);
        Files.delete(stored(LAYER.digest()));
        assertFalse(artifacts.isHere(pushed));

        artifacts.fetch(REPOSITORY, pushed);
        assertTrue(artifacts.isHere(pushed));
        Files.writeString(stored(LAYER.digest()), "the bytes of a mOdule");
        assertFalse(over(Transport.to(registry, Caller.anonymous("127.0.0.1"))).isHere(pushed));

        artifacts.fetch(REPOSITORY, pushed);
        assertEquals(LAYER, artifacts.blobs().get(LAYER.digest()).orElseThrow());
    }

    @Test
    void anUnknownTagIsMissingAndNothingIsStored() {
        Fault fault = assertThrows(Fault.class, () -> artifacts.resolve(REPOSITORY, new Revision("9.9.9")));

        assertEquals(Fault.Kind.MISSING, fault.kind());
    }

    @Test
    @Requirement({"AD-081", "AD-096"})
    void alteredBytesNeverCount() {
        Transport altering = request -> {
            Response answer = registry.handle(Caller.anonymous("127.0.0.1"), request);
            boolean layer = request.method().equals("GET") && request.target().contains("/blobs/" + LAYER.digest());
            return layer ? new Response(200, answer.headers(), Body.of(Blob.utf8("the bytes of a mOdule"))) : answer;
        };
        var attacked = over(altering);

        Fault fault = assertThrows(Fault.class, () -> attacked.fetch(REPOSITORY, pushed));

        assertTrue(fault.getMessage().contains(LAYER.digest().value()), fault.getMessage());
        assertFalse(attacked.isHere(pushed));
        assertFalse(Files.exists(stored(LAYER.digest())));
    }

    @Test
    void anIndexIsRefusedBecauseItNamesSeveralImages() {
        Blob index = Json.canonical(Tree.members()
                .put("schemaVersion", 2)
                .put("mediaType", OciTypes.INDEX)
                .put("manifests", Tree.of(List.of()))
                .build());
        Transport serving = (Request request) -> Response.of(200, OciTypes.INDEX, index);

        Fault fault = assertThrows(Fault.class, () -> over(serving).fetch(REPOSITORY, index.digest()));

        assertEquals(Fault.Kind.INVALID, fault.kind());
        assertTrue(fault.getMessage().contains("index"), fault.getMessage());
        assertFalse(artifacts.isHere(index.digest()));
    }
}
