// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.Artifacts;
import dev.gantry.agent.Journal;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Json;
import dev.gantry.content.Tree;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Requirement;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.Store;
import dev.gantry.wire.Body;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Headers;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each planted bug is found by the invariant that is there for it, within a few seeds. The bugs are ports put in the
/// place of sound ones; production code knows nothing of them.
class PlantedBugsTest {
    private static final int SEEDS = 40;
    private static final int DEVICES = 3;

    /// A bug and who may find it: more than one where chance decides what shows first.
    record Bug(String what, Parts parts, Set<String> finders) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bug> bugs() {
        return Stream.of(onTheDisk(), inTheEngine(), inTheStore(), inTheWfm(), onTheWay())
                .flatMap(List::stream);
    }

    private static List<Bug> onTheDisk() {
        return List.of(
                new Bug("a journal forgets every third save", journal(Planted::forgetful), Set.of(BACK)),
                new Bug("a journal is one save behind", journal(Planted::lagging), Set.of(BACK)),
                new Bug(
                        "documents are accepted before they are on the disk",
                        documents(Planted::unwritten),
                        Set.of(DISK)),
                new Bug("a document's bytes are not those of its digest", documents(Planted::rotten), Set.of(ASKED)),
                new Bug(
                        "an artifact's bytes are those that its tag names now",
                        new Parts() {
                            @Override
                            public Artifacts artifacts(Artifacts sound) {
                                return Planted.following(sound);
                            }
                        },
                        Set.of(BYTES)));
    }

    private static List<Bug> inTheEngine() {
        return List.of(
                new Bug("a runtime ignores removals", runtime(Planted::clinging), Set.of(RUNS)),
                new Bug("a runtime ignores new revisions", runtime(Planted::stuck), Set.of(RUNS)),
                new Bug("a runtime hides crashes", runtime(Planted::cheerful), Set.of(RUNS)));
    }

    private static List<Bug> inTheStore() {
        return List.of(
                new Bug("a store loses commits", store(Planted::dropping), Set.of(OLDER, FAITHFUL, LOST)),
                new Bug(
                        "a store publishes manifests without their deployments",
                        store(sound -> Planted.losing(sound, Change.DeploymentPut.class::isInstance)),
                        Set.of(FAITHFUL)),
                new Bug(
                        "a store loses statuses",
                        store(sound -> Planted.losing(sound, Change.StatusPut.class::isInstance)),
                        Set.of(TRUTH)),
                new Bug(
                        "a restored WFM does not raise its versions",
                        new Parts() {
                            @Override
                            public Runnable restored(Runnable sound) {
                                return () -> {};
                            }
                        },
                        Set.of(OLDER)));
    }

    private static List<Bug> inTheWfm() {
        Map<ClientId, Response> oldest = new HashMap<>();
        return List.of(
                new Bug(
                        "a WFM serves old content under new versions",
                        wfm((client, request, sound) -> {
                            Response newest = sound.apply(client, request);
                            if (!isManifest(request, newest)) {
                                return newest;
                            }
                            return under(newest, oldest.computeIfAbsent(client, _ -> newest));
                        }),
                        Set.of(FOREIGN)),
                new Bug(
                        "a WFM answers one client with the manifest of another",
                        wfm((client, request, sound) -> sound.apply(
                                request.method().equals("GET") ? new ClientId("press-1") : client, request)),
                        Set.of(FOREIGN, RUNS)),
                new Bug(
                        "a WFM says that nothing has changed",
                        wfm((client, request, sound) ->
                                request.headers().get("If-None-Match").isPresent()
                                        ? Response.of(304)
                                        : sound.apply(client, request)),
                        Set.of(RUNS)));
    }

    private static List<Bug> onTheWay() {
        return List.of(
                new Bug(
                        "a report counts as heard before it is sent",
                        new Parts() {
                            @Override
                            public Transport transport(Transport sound) {
                                return request ->
                                        request.method().equals("POST") ? Response.of(201) : sound.send(request);
                            }
                        },
                        Set.of(TRUTH)),
                new Bug(
                        "an older manifest passes for a newer one",
                        new Parts() {
                            @Override
                            public Transport transport(Transport sound) {
                                Response[] first = new Response[1];
                                return request -> {
                                    Response newest = sound.send(request);
                                    if (!isManifest(request, newest)) {
                                        return newest;
                                    }
                                    first[0] = first[0] == null ? newest : first[0];
                                    return under(newest, first[0]);
                                };
                            }
                        },
                        Set.of(FOREIGN)));
    }

    private static final String ASKED = "aDeviceRunsOnlyWhatWasAskedOfIt";
    private static final String BYTES = "aTagOrADigestMeansTheSameBytesForEver";
    private static final String BACK = "acceptedVersionsNeverGoBack";
    private static final String FOREIGN = "aDeviceAcceptsOnlyWhatWasPublishedForIt";
    private static final String DISK = "whatIsAcceptedIsOnTheDisk";
    private static final String OLDER = "manifestVersionsNeverGoBack";
    private static final String FAITHFUL = "aManifestNamesWhatIsWanted";
    private static final String LOST = "nothingAcknowledgedIsLost";
    private static final String RUNS = "everyDeviceRunsWhatIsWanted";
    private static final String TRUTH = "everythingIsReportedTruthfully";

    private static boolean isManifest(Request request, Response response) {
        return request.target().endsWith("/deployments")
                && response.status() == 200
                && response.headers()
                        .get("ETag")
                        .equals(Optional.of(
                                Conditions.etag(response.body().whole(1 << 20).digest())));
    }

    /// The version of one manifest with the content of another, with an entity tag that fits.
    private static Response under(Response newest, Response older) {
        Tree.Obj fresh = (Tree.Obj) Json.read(newest.body().whole(1 << 20));
        Tree.Obj old = (Tree.Obj) Json.read(older.body().whole(1 << 20));
        Blob mixed = Json.canonical(
                old.with("manifestVersion", fresh.get("manifestVersion").orElseThrow()));
        return new Response(
                200,
                Headers.of("Content-Type", MediaTypes.MANIFEST, "ETag", Conditions.etag(mixed.digest())),
                Body.of(mixed));
    }

    private interface Replaced<T> {
        T by(T sound);
    }

    private static Parts journal(Replaced<Journal> bug) {
        return new Parts() {
            @Override
            public Journal journal(Journal sound) {
                return bug.by(sound);
            }
        };
    }

    private static Parts documents(Replaced<Blobs> bug) {
        return new Parts() {
            @Override
            public Blobs documents(Blobs sound) {
                return bug.by(sound);
            }
        };
    }

    private static Parts runtime(Replaced<Runtime> bug) {
        return new Parts() {
            @Override
            public Runtime runtime(Runtime sound) {
                return bug.by(sound);
            }
        };
    }

    private static Parts store(Replaced<Store> bug) {
        return new Parts() {
            @Override
            public Store store(Store sound) {
                return bug.by(sound);
            }
        };
    }

    private static Parts wfm(Planted.Answering bug) {
        return new Parts() {
            @Override
            public BiFunction<ClientId, Request, Response> wfm(BiFunction<ClientId, Request, Response> sound) {
                return Planted.answering(sound, bug);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("bugs")
    @Requirement({"MI-007", "MI-008", "MI-042", "MI-066", "MI-067", "MI-070"})
    void everyPlantedBugIsFound(Bug bug) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new Simulation(seed, DEVICES).run(bug.parts(), _ -> {});
            } catch (Violation violation) {
                System.out.println(
                        "planted: " + bug.what() + " -> found by " + violation.invariant() + ", seed " + seed);
                assertTrue(bug.finders().contains(violation.invariant()), violation::getMessage);
                return;
            }
        }
        throw new AssertionError("not found within " + SEEDS + " seeds: " + bug.what());
    }
}
