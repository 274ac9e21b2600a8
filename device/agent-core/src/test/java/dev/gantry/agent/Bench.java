// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.agent.runtime.Offer;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.content.Tree;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.MediaTypes;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Revision;
import dev.gantry.testkit.ManualClock;
import dev.gantry.wire.Conditions;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import dev.gantry.wire.rc3.Bundles;
import dev.gantry.wire.rc3.Paths;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A device and a WFM made of fakes: one agent, stepped by hand.
final class Bench {
    static final Instant START = Instant.parse("2026-03-02T06:00:00Z");
    static final Polling POLLING = new Polling(
            Duration.ofMinutes(1),
            0,
            Duration.ofSeconds(2),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5));

    final ManualClock clock = new ManualClock(START);
    final MemoryBlobs documents = new MemoryBlobs();
    final SortedMap<WorkloadId, Observed> engine = new TreeMap<>();
    final List<Event> events = new ArrayList<>();
    final List<Request> requests = new ArrayList<>();
    final List<DeploymentStatus> heard = new ArrayList<>();
    final SortedMap<DeploymentId, Blob> wanted = new TreeMap<>();
    Memory memory = Memory.EMPTY;
    ManifestVersion version = ManifestVersion.FIRST;
    boolean losesReplies;
    Condition started = new Condition.Running();

    static DeploymentId id(int number) {
        return new DeploymentId("00000000-0000-4000-8000-%012d".formatted(number));
    }

    /// A deployment of one component for this device.
    static Blob document(int number, String revision) {
        return Blob.utf8("""
                id: %s
                metadata:
                  name: monitor %d
                  namespace: line-3
                  deviceId: press-07
                spec:
                  applicationId: com-example-press-monitor
                  deploymentProfile:
                    type: compose
                    components:
                      - name: monitor
                        properties:
                          repository: oci://registry.example.com/acme/press-monitor
                          revision: %s
                  parameters: {}
                """.formatted(id(number), number, revision));
    }

    Agent agent() {
        var profile = new DeviceProfile(
                new DeviceId("press-07"),
                new DeviceProfile.Nameplate("Press Works", "PW-7", "0815"),
                List.of(),
                "8Gi",
                "64Gi",
                List.of(),
                List.of(),
                Tree.Obj.EMPTY);
        var surface = new Surface(journal(), documents, artifacts(), List.of(runtime()), profile);
        return new Agent(
                surface, new WfmClient(this::answer, Paths.ROOT), POLLING, clock, new SplittableRandom(1), events::add);
    }

    private Journal journal() {
        return new Journal() {
            @Override
            public Memory load() {
                return memory;
            }

            @Override
            public void save(Memory next) {
                memory = next;
            }
        };
    }

    /// Steps until the agent rests.
    static Duration settle(Agent agent) {
        for (int i = 0; i < 200; i++) {
            Duration rest = agent.step();
            if (!rest.isZero()) {
                return rest;
            }
        }
        throw new AssertionError("the agent does not come to rest");
    }

    private Response answer(Request request) throws Unreachable {
        requests.add(request);
        Response response = answered(request);
        if (losesReplies) {
            throw new Unreachable("the reply was lost");
        }
        return response;
    }

    private Response answered(Request request) {
        if (request.method().equals("PUT")) {
            return Response.of(201);
        }
        if (request.method().equals("POST")) {
            heard.add(DeploymentStatus.read(request.body().whole(1 << 20)).value());
            return Response.of(201);
        }
        if (request.target().equals(Paths.ROOT.deployments())) {
            Blob manifest = manifest();
            String etag = Conditions.etag(manifest.digest());
            return Conditions.matches(request, etag)
                    ? Response.of(304)
                    : Response.of(200, MediaTypes.MANIFEST, manifest).with("ETag", etag);
        }
        return wanted.values().stream()
                .filter(document -> request.target().endsWith(document.digest().value()))
                .findFirst()
                .map(document -> Response.of(200, MediaTypes.DEPLOYMENT, document))
                .orElseGet(() -> Response.of(404));
    }

    Blob manifest() {
        return manifest(version, wanted);
    }

    static Blob manifest(ManifestVersion version, SortedMap<DeploymentId, Blob> documents) {
        Tree bundle = new Tree.Null();
        if (!documents.isEmpty()) {
            Blob archive = Bundles.write(documents);
            bundle = Tree.members()
                    .put("mediaType", MediaTypes.BUNDLE)
                    .put("digest", archive.digest().value())
                    .put("url", Paths.ROOT.bundle(archive.digest()))
                    .build();
        }
        return Json.canonical(Tree.members()
                .put("manifestVersion", version.tree())
                .put("bundle", bundle)
                .put(
                        "deployments",
                        Tree.of(documents.entrySet().stream()
                                .map(entry -> Tree.members()
                                        .put("deploymentId", entry.getKey().value())
                                        .put("digest", entry.getValue().digest().value())
                                        .put(
                                                "url",
                                                Paths.ROOT.deployment(
                                                        entry.getKey(),
                                                        entry.getValue().digest()))
                                        .build())
                                .toList()))
                .build());
    }

    private static Artifacts artifacts() {
        return new Artifacts() {
            private final MemoryBlobs here = new MemoryBlobs();

            @Override
            public Digest resolve(Repository repository, Revision revision) {
                return Blob.utf8(repository + ":" + revision).digest();
            }

            @Override
            public boolean isHere(Digest artifact) {
                return true;
            }

            @Override
            public void fetch(Repository repository, Digest artifact) {
                throw new AssertionError("everything is here");
            }

            @Override
            public Blobs blobs() {
                return here;
            }
        };
    }

    private Runtime runtime() {
        return new Runtime() {
            @Override
            public String deploymentType() {
                return "compose";
            }

            @Override
            public Offer offer() {
                return new Offer("oci", "compose", Map.of(), Tree.Obj.EMPTY);
            }

            @Override
            public void ensure(Workload workload) {
                engine.put(workload.id(), new Observed(workload.id(), workload.revision(), started));
            }

            @Override
            public void remove(WorkloadId id) {
                engine.remove(id);
            }

            @Override
            public List<Observed> running() {
                return List.copyOf(engine.values());
            }

            @Override
            public void close() {
                // There is no engine.
            }
        };
    }

    /// Lets every workload be in one condition.
    void all(Condition condition) {
        engine.replaceAll((_, found) -> new Observed(found.id(), found.revision(), condition));
    }

    Optional<Event> event(String sentence) {
        return events.stream()
                .filter(event -> event.sentence().equals(sentence))
                .findFirst();
    }
}
