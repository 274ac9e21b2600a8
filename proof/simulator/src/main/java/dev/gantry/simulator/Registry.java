// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.spec.Repository;
import dev.gantry.spec.Revision;
import dev.gantry.wire.Unreachable;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The registry of the plant: what tags name, and the bytes behind digests. Tags can be moved to other bytes, and the
/// whole can be out of reach.
final class Registry {
    private final SortedMap<String, Digest> tags = new TreeMap<>();
    private final Map<Digest, Blob> content = new TreeMap<>();
    private final Map<String, Digest> moved = new TreeMap<>();
    private final Set<Digest> poison = new HashSet<>();
    private boolean reachable = true;

    static String reference(Repository repository, Revision revision) {
        return repository + ":" + revision;
    }

    /// Publishes an artifact.
    ///
    /// @param poisonous whether no runtime can ever start it
    Digest publish(Repository repository, Revision revision, boolean poisonous) {
        String reference = reference(repository, revision);
        Blob artifact = Blob.utf8("artifact of " + reference);
        content.put(artifact.digest(), artifact);
        tags.put(reference, artifact.digest());
        if (poisonous) {
            poison.add(artifact.digest());
        }
        return artifact.digest();
    }

    /// Lets a tag name other bytes.
    void move(String reference) {
        Blob other = Blob.utf8("something else under " + reference);
        content.put(other.digest(), other);
        moved.put(reference, other.digest());
    }

    void moveBack() {
        moved.clear();
    }

    SortedMap<String, Digest> tags() {
        return tags;
    }

    void reachable(boolean now) {
        reachable = now;
    }

    boolean isPoison(Digest artifact) {
        return poison.contains(artifact);
    }

    Digest resolve(Repository repository, Revision revision) throws Unreachable {
        knock();
        String reference = reference(repository, revision);
        Digest named = moved.getOrDefault(reference, tags.get(reference));
        if (named == null) {
            throw new Fault(Fault.Kind.MISSING, "the registry has no " + reference);
        }
        return named;
    }

    Blob pull(Digest digest) throws Unreachable {
        knock();
        Blob found = content.get(digest);
        if (found == null) {
            throw new Fault(Fault.Kind.MISSING, "the registry has no " + digest);
        }
        return found;
    }

    private void knock() throws Unreachable {
        if (!reachable) {
            throw new Unreachable("the registry does not answer");
        }
    }
}
