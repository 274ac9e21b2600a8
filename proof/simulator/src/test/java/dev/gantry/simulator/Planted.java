// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.Artifacts;
import dev.gantry.agent.Journal;
import dev.gantry.agent.Memory;
import dev.gantry.agent.runtime.Observed;
import dev.gantry.agent.runtime.Offer;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.agent.runtime.Workload;
import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.agent.runtime.WorkloadId;
import dev.gantry.content.Blob;
import dev.gantry.content.Blobs;
import dev.gantry.content.Digest;
import dev.gantry.content.MemoryBlobs;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Revision;
import dev.gantry.wfm.Change;
import dev.gantry.wfm.ClientView;
import dev.gantry.wfm.Store;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// Ports with a bug each, to be put in the place of sound ones.
final class Planted {
    private Planted() {}

    /// A journal of which every third save never reaches the disk.
    static Journal forgetful(Journal sound) {
        return new Journal() {
            private int saves;

            @Override
            public Memory load() {
                return sound.load();
            }

            @Override
            public void save(Memory memory) {
                if (++saves % 3 != 0) {
                    sound.save(memory);
                }
            }
        };
    }

    /// A journal that writes each memory only when the next one comes.
    static Journal lagging(Journal sound) {
        return new Journal() {
            private Optional<Memory> held = Optional.empty();

            @Override
            public Memory load() {
                return sound.load();
            }

            @Override
            public void save(Memory memory) {
                held.ifPresent(sound::save);
                held = Optional.of(memory);
            }
        };
    }

    /// Documents that are on the disk only long after `put` has returned.
    static Blobs unwritten(Blobs sound) {
        var memory = new MemoryBlobs();
        return new Blobs() {
            @Override
            public Optional<Blob> get(Digest digest) {
                return memory.get(digest).or(() -> sound.get(digest));
            }

            @Override
            public void put(Blob blob) {
                memory.put(blob);
            }
        };
    }

    /// Documents that answer with other values than those that were kept under a digest.
    static Blobs rotten(Blobs sound) {
        return new Blobs() {
            @Override
            public Optional<Blob> get(Digest digest) {
                return sound.get(digest).map(blob -> Blob.utf8(blob.text().replaceAll("(?m)value: \\d+", "value: 99")));
            }

            @Override
            public boolean has(Digest digest) {
                return sound.has(digest);
            }

            @Override
            public void put(Blob blob) {
                sound.put(blob);
            }
        };
    }

    /// Artifacts of which the bytes behind a digest are whatever the tag named last.
    static Artifacts following(Artifacts sound) {
        Map<Digest, Blob> replaced = new HashMap<>();
        return new Artifacts() {
            @Override
            public Digest resolve(Repository repository, Revision revision) throws Unreachable {
                return sound.resolve(repository, revision);
            }

            @Override
            public boolean isHere(Digest artifact) {
                return sound.isHere(artifact);
            }

            @Override
            public void fetch(Repository repository, Digest artifact) throws Unreachable {
                sound.fetch(repository, artifact);
                replaced.put(artifact, Blob.utf8("latest of " + repository));
            }

            @Override
            public Blobs blobs() {
                return new Blobs() {
                    @Override
                    public Optional<Blob> get(Digest digest) {
                        return Optional.ofNullable(replaced.get(digest))
                                .or(() -> sound.blobs().get(digest));
                    }

                    @Override
                    public void put(Blob blob) {
                        sound.blobs().put(blob);
                    }
                };
            }
        };
    }

    /// A runtime that can be changed in parts.
    static class Engine implements Runtime {
        final Runtime sound;

        Engine(Runtime sound) {
            this.sound = sound;
        }

        @Override
        public String deploymentType() {
            return sound.deploymentType();
        }

        @Override
        public Offer offer() {
            return sound.offer();
        }

        @Override
        public void ensure(Workload wanted) throws WorkloadException {
            sound.ensure(wanted);
        }

        @Override
        public void remove(WorkloadId id) throws WorkloadException {
            sound.remove(id);
        }

        @Override
        public List<Observed> running() {
            return sound.running();
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    /// A runtime that never removes anything, and says that it is at it.
    static Runtime clinging(Runtime sound) {
        return new Engine(sound) {
            @Override
            public void remove(WorkloadId id) {
                // Nothing happens.
            }
        };
    }

    /// A runtime that takes a new revision for the old one.
    static Runtime stuck(Runtime sound) {
        Map<WorkloadId, Digest> claimed = new TreeMap<>();
        return new Engine(sound) {
            @Override
            public void ensure(Workload wanted) throws WorkloadException {
                claimed.put(wanted.id(), wanted.revision());
                if (running().stream().noneMatch(found -> found.id().equals(wanted.id()))) {
                    sound.ensure(wanted);
                }
            }

            @Override
            public List<Observed> running() {
                return sound.running().stream()
                        .map(found -> new Observed(
                                found.id(), claimed.getOrDefault(found.id(), found.revision()), found.condition()))
                        .toList();
            }
        };
    }

    /// A runtime that takes every workload that is there for one that runs.
    static Runtime cheerful(Runtime sound) {
        return new Engine(sound) {
            @Override
            public List<Observed> running() {
                return sound.running().stream()
                        .map(found -> new Observed(found.id(), found.revision(), new Observed.Condition.Running()))
                        .toList();
            }
        };
    }

    /// A store that changes what it is asked to commit.
    private record Changing(Store sound, BiFunction<Store, List<Change>, List<Change>> kept) implements Store {
        @Override
        public Snapshot load() {
            return sound.load();
        }

        @Override
        public Optional<ClientView> client(ClientId id) {
            return sound.client(id);
        }

        @Override
        public void commit(List<Change> changes) {
            List<Change> some = kept.apply(sound, changes);
            if (!some.isEmpty()) {
                sound.commit(some);
            }
        }
    }

    /// A store that loses what these changes ask for.
    static Store losing(Store sound, Predicate<Change> lost) {
        return new Changing(
                sound, (_, changes) -> changes.stream().filter(lost.negate()).toList());
    }

    /// A store that loses every fourth commit of a manifest, whole.
    static Store dropping(Store sound) {
        int[] commits = {0};
        return new Changing(sound, (_, changes) -> {
            boolean publishes = changes.stream().anyMatch(Change.HeadAdvanced.class::isInstance);
            boolean first = changes.stream().anyMatch(Change.ClientPut.class::isInstance);
            return publishes && !first && ++commits[0] % 4 == 0 ? List.of() : changes;
        });
    }

    /// A WFM whose answer depends on the one that it would have given.
    static BiFunction<ClientId, Request, Response> answering(
            BiFunction<ClientId, Request, Response> sound, Answering answering) {
        return (client, request) -> answering.answer(client, request, sound);
    }

    /// Answers in the place of a WFM.
    interface Answering {
        Response answer(ClientId client, Request request, BiFunction<ClientId, Request, Response> sound);
    }
}
