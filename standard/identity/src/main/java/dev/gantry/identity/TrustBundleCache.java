// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bundle that this machine trusts at present: kept on disk so that a restart needs no network (ID-082),
/// replaced as a whole and never merged (ID-078), refreshed when its hint says so (ID-079).
///
/// ```text
///             first start                       refresh
///   (none) ───────accept──────► current ◄──accept── fetched ◄── endpoint
///      │ get() UNAVAILABLE          │ 304, error, unreachable, not readable, no anchor: kept (ID-077, ID-081)
/// ```
///
/// [#step()] does at most one exchange; whoever owns the schedule calls it again after the pause that it returns.
/// HTTP caching never defers it (ID-080).
public final class TrustBundleCache implements Supplier<TrustBundle> {
    /// Between refreshes when the bundle gives no hint (B-12).
    public static final Duration EVERY = Duration.ofMinutes(5);

    /// After a refresh that failed; never longer than the interval itself.
    public static final Duration RETRY = Duration.ofMinutes(1);

    /// Where bundles come from: an exchange that authenticates the server by configured anchors or pins every
    /// time, never by the bundle itself (ID-056, ID-062).
    @FunctionalInterface
    public interface Endpoint {
        /// @param etag of the current bundle, for `If-None-Match`
        Answer fetch(Optional<String> etag);
    }

    /// What the endpoint gave.
    public sealed interface Answer {}

    /// A document, with its ETag where the server sent one.
    public record Document(Blob body, Optional<String> etag) implements Answer {}

    /// 304: the current one stands.
    public record Unchanged() implements Answer {}

    /// Nothing to read, and why.
    public record Nothing(String reason) implements Answer {}

    /// What a refresh did, for the log.
    public sealed interface Outcome {}

    /// @param changed whether the anchors differ from before, so that open connections must be looked at again
    /// @param rolledBack whether the sequence is lower than before; accepted, but worth a warning (B-11)
    public record Accepted(TrustBundle bundle, boolean changed, boolean rolledBack) implements Outcome {}

    /// The current bundle stays.
    public record Kept(String reason) implements Outcome {}

    private final Path file;
    private final InstantSource clock;
    private final Duration every;
    private @Nullable Endpoint endpoint;
    private volatile @Nullable TrustBundle current;
    private Optional<String> etag = Optional.empty();
    private Instant due = Instant.MIN;
    private Outcome last = new Kept("not refreshed yet");

    /// Opens the cache; an unreadable file counts as none, because only the endpoint can mend it.
    ///
    /// @param file where the accepted document is kept, byte for byte
    /// @param every between refreshes without a hint
    public TrustBundleCache(Path file, InstantSource clock, Duration every) {
        this.file = file;
        this.clock = clock;
        this.every = every;
        try {
            if (Files.size(file) <= Limits.DOCUMENT.bytes()) {
                current = TrustBundle.read(Blob.of(Files.readAllBytes(file))).value();
            }
        } catch (NoSuchFileException _) {
            // First start: nothing is trusted before a bundle was accepted.
        } catch (IOException | Fault e) {
            last = new Kept("the cached bundle in " + file + " cannot be read: " + e.getMessage());
        }
    }

    /// The same cache with a place to refresh from.
    public synchronized TrustBundleCache from(Endpoint source) {
        endpoint = source;
        return this;
    }

    /// The current bundle; `UNAVAILABLE` before the first was accepted, so that nothing validates (ID-076).
    @Override
    public TrustBundle get() {
        TrustBundle bundle = current;
        if (bundle == null) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "no trust bundle was accepted yet; nothing can be validated");
        }
        return bundle;
    }

    public boolean isEmpty() {
        return current == null;
    }

    /// Accepts a document that came over an authenticated channel, or keeps the current one. It is on disk before
    /// it counts.
    public synchronized Outcome accept(Blob document) {
        try {
            TrustBundle fresh = TrustBundle.read(document).value();
            if (!fresh.isUsableAt(clock.instant())) {
                return kept("every anchor of the new bundle has expired");
            }
            TrustBundle before = current;
            Disk.replace(file, document);
            current = fresh;
            last = new Accepted(
                    fresh,
                    before == null || !before.anchors().equals(fresh.anchors()),
                    before != null && isLower(fresh, before));
            return last;
        } catch (Fault fault) {
            return kept(fault.getMessage());
        }
    }

    private static boolean isLower(TrustBundle fresh, TrustBundle before) {
        return fresh.sequence()
                .flatMap(now -> before.sequence().map(then -> now.compareTo(then) < 0))
                .orElse(false);
    }

    private Outcome kept(String reason) {
        last = new Kept(reason);
        return last;
    }

    /// Refreshes when it is time, and says when to come back. What happened is [#last()].
    public synchronized Duration step() {
        Endpoint source = endpoint;
        if (source == null) {
            return every;
        }
        Instant now = clock.instant();
        if (now.isBefore(due) && !now.isBefore(due.minus(interval()))) {
            return Duration.between(now, due);
        }
        Duration pause = refreshed(source) ? interval() : min(RETRY, interval());
        due = now.plus(pause);
        return pause;
    }

    private boolean refreshed(Endpoint source) {
        return switch (source.fetch(current == null ? Optional.empty() : etag)) {
            case Document(var body, var tag) -> {
                boolean accepted = accept(body) instanceof Accepted;
                etag = accepted ? tag : etag;
                yield accepted;
            }
            case Unchanged _ -> {
                kept("the endpoint has no newer bundle");
                yield current != null;
            }
            case Nothing(var reason) -> {
                kept(reason);
                yield false;
            }
        };
    }

    private Duration interval() {
        TrustBundle bundle = current;
        return bundle == null ? min(RETRY, every) : bundle.refreshHint().orElse(every);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// What the last refresh or acceptance did.
    public synchronized Outcome last() {
        return last;
    }
}
