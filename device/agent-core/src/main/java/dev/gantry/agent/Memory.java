// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

import dev.gantry.content.Digest;
import dev.gantry.spec.ComponentName;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeploymentStatus;
import dev.gantry.spec.ManifestVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that the agent has to remember across power cuts. It never changes; a newer one takes its place in the
/// journal.
///
/// @param accepted the newest manifest whose documents were all verified and stored (reading A-18)
/// @param held every deployment that was begun and is not completely gone
/// @param told what the WFM has heard of each deployment
/// @param capabilities digest of the capabilities that the WFM has heard
public record Memory(
        Optional<Accepted> accepted,
        SortedMap<DeploymentId, Held> held,
        SortedMap<DeploymentId, Told> told,
        Optional<Digest> capabilities) {
    /// The memory of a device that has never spoken to a WFM.
    public static final Memory EMPTY = new Memory(Optional.empty(), new TreeMap<>(), new TreeMap<>(), Optional.empty());

    /// A manifest that was accepted: the complete wanted set.
    ///
    /// @param etag as the WFM sent it, for conditional polls (MI-074)
    /// @param skipped whether versions were skipped before it, so that content may have changed and changed back
    ///     unseen
    public record Accepted(
            ManifestVersion version, String etag, SortedMap<DeploymentId, Digest> documents, boolean skipped) {
        public Accepted {
            documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
        }
    }

    /// A deployment that this device has begun to apply.
    ///
    /// @param document digest of its YAML
    /// @param adopted the manifest version it was begun from (MI-113)
    /// @param begun when
    /// @param pins the artifact of each component, resolved once: a tag that moves is not followed
    /// @param failures what went wrong last, by component
    public record Held(
            Digest document,
            ManifestVersion adopted,
            Instant begun,
            SortedMap<ComponentName, Pin> pins,
            SortedMap<ComponentName, Failure> failures) {
        public Held {
            pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
            failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
        }

        static Held begun(Digest document, ManifestVersion adopted, Instant now) {
            return new Held(document, adopted, now, new TreeMap<>(), new TreeMap<>());
        }

        Held pinned(ComponentName component, Pin pin) {
            var more = new TreeMap<>(pins);
            more.put(component, pin);
            return new Held(document, adopted, begun, more, failures);
        }

        Held failed(ComponentName component, Failure failure) {
            var more = new TreeMap<>(failures);
            more.put(component, failure);
            return new Held(document, adopted, begun, pins, more);
        }

        Held healed(ComponentName component) {
            var fewer = new TreeMap<>(failures);
            fewer.remove(component);
            return new Held(document, adopted, begun, pins, fewer);
        }

        Held adopting(ManifestVersion version) {
            return new Held(document, version, begun, pins, failures);
        }
    }

    /// Which artifact a tag named when it was resolved.
    ///
    /// @param reference repository and revision, so that a pin is kept exactly as long as they stay
    public record Pin(String reference, Digest artifact) {}

    /// What went wrong with a component, and when to try again.
    ///
    /// @param attempts so far
    /// @param again when to try next; empty when only new content can help
    public record Failure(String code, String message, int attempts, Optional<Instant> again) {
        /// @param longest wait: what lies further ahead was noted before the clock was turned back
        boolean isDue(Instant now, Duration longest) {
            return again.filter(time -> !time.isAfter(now) || time.isAfter(now.plus(longest)))
                    .isPresent();
        }
    }

    /// What the WFM has heard of a deployment.
    ///
    /// @param document the content that the status was about
    public record Told(Digest document, DeploymentStatus status) {}

    public Memory {
        held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
        told = Collections.unmodifiableSortedMap(new TreeMap<>(told));
    }

    Memory accepting(Accepted manifest) {
        return new Memory(Optional.of(manifest), held, told, capabilities);
    }

    Memory holding(DeploymentId id, Held deployment) {
        var more = new TreeMap<>(held);
        more.put(id, deployment);
        return new Memory(accepted, more, told, capabilities);
    }

    Memory telling(DeploymentId id, Told status) {
        var more = new TreeMap<>(told);
        more.put(id, status);
        return new Memory(accepted, held, more, capabilities);
    }

    /// What the WFM believes of a deployment is no longer known: a report is on its way.
    Memory doubting(DeploymentId id) {
        var fewer = new TreeMap<>(told);
        fewer.remove(id);
        return new Memory(accepted, held, fewer, capabilities);
    }

    Memory reporting(Digest reported) {
        return new Memory(accepted, held, told, Optional.of(reported));
    }

    Memory forgetting(DeploymentId id) {
        var fewer = new TreeMap<>(held);
        fewer.remove(id);
        var unsaid = new TreeMap<>(told);
        unsaid.remove(id);
        return new Memory(accepted, fewer, unsaid, capabilities);
    }

    /// Whether a deployment is part of the newest accepted manifest.
    boolean wants(DeploymentId id) {
        return accepted.filter(manifest -> manifest.documents().containsKey(id)).isPresent();
    }
}
