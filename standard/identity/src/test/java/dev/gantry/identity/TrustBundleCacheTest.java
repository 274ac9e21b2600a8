// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static dev.gantry.identity.Certificates.NOW;
import static dev.gantry.identity.Certificates.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import dev.gantry.testkit.ManualClock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustBundleCacheTest {
    private static final X509Certificate ONE = authority("one").root().leaf();
    private static final X509Certificate TWO = authority("two").root().leaf();

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(NOW);
    private final List<Optional<String>> asked = new ArrayList<>();
    private TrustBundleCache.Answer answer = new TrustBundleCache.Nothing("down");

    private TrustBundleCache cache() {
        return new TrustBundleCache(folder.resolve("bundle.json"), clock, TrustBundleCache.EVERY).from(etag -> {
            asked.add(etag);
            return answer;
        });
    }

    private static Blob bundle(int sequence, Duration hint, X509Certificate... anchors) {
        return TrustBundle.of(List.of(anchors), BigInteger.valueOf(sequence), hint)
                .write();
    }

    @Test
    @Requirement({"ID-076", "ID-082"})
    void nothingIsTrustedBeforeTheFirstBundleAndARestartNeedsNoNetwork() {
        TrustBundleCache first = cache();
        assertTrue(first.isEmpty());
        assertEquals(
                Fault.Kind.UNAVAILABLE, assertThrows(Fault.class, first::get).kind());

        Blob document = bundle(1, Duration.ofHours(1), ONE);
        assertInstanceOf(TrustBundleCache.Accepted.class, first.accept(document));
        assertEquals(List.of(ONE), cache().get().anchors());
    }

    @Test
    @Requirement("ID-078")
    void aNewBundleReplacesAndNeverMerges() {
        TrustBundleCache cache = cache();
        cache.accept(bundle(1, Duration.ofHours(1), ONE));
        var outcome =
                assertInstanceOf(TrustBundleCache.Accepted.class, cache.accept(bundle(2, Duration.ofHours(1), TWO)));
        assertTrue(outcome.changed());
        assertFalse(outcome.rolledBack());
        assertEquals(List.of(TWO), cache.get().anchors());
    }

    @Test
    void aLowerSequenceIsAcceptedButTold() {
        TrustBundleCache cache = cache();
        cache.accept(bundle(9, Duration.ofHours(1), ONE));
        var outcome =
                assertInstanceOf(TrustBundleCache.Accepted.class, cache.accept(bundle(8, Duration.ofHours(1), ONE)));
        assertTrue(outcome.rolledBack());
        assertFalse(outcome.changed());
    }

    @Test
    @Requirement({"ID-076", "ID-077"})
    void anUnusableBundleLeavesTheCurrentOne() {
        TrustBundleCache cache = cache();
        cache.accept(bundle(1, Duration.ofHours(1), ONE));
        X509Certificate expired = authority("old")
                .valid(NOW.minusSeconds(20), NOW.minusSeconds(10))
                .root()
                .leaf();
        for (Blob bad : List.of(
                Blob.EMPTY,
                Blob.utf8("{\"keys\": []}"),
                Blob.utf8("<html>"),
                bundle(2, Duration.ofHours(1), expired))) {
            assertInstanceOf(TrustBundleCache.Kept.class, cache.accept(bad));
            assertEquals(List.of(ONE), cache.get().anchors());
        }
        assertEquals(List.of(ONE), cache().get().anchors());
    }

    @Test
    @Requirement({"ID-079", "ID-080", "ID-081"})
    void itRefreshesWhenTheHintSaysAndSoonerAfterAFailure() {
        TrustBundleCache cache = cache();
        answer = new TrustBundleCache.Document(bundle(1, Duration.ofHours(1), ONE), Optional.of("\"a\""));
        assertEquals(Duration.ofHours(1), cache.step());
        clock.turn(Duration.ofMinutes(20));
        assertEquals(Duration.ofMinutes(40), cache.step());
        assertEquals(List.of(Optional.empty()), asked);

        clock.turn(Duration.ofMinutes(40));
        answer = new TrustBundleCache.Unchanged();
        assertEquals(Duration.ofHours(1), cache.step());
        assertEquals(Optional.of("\"a\""), asked.getLast());

        clock.turn(Duration.ofHours(1));
        answer = new TrustBundleCache.Nothing("unreachable");
        assertEquals(TrustBundleCache.RETRY, cache.step());
        assertEquals(List.of(ONE), cache.get().anchors());
        assertEquals(new TrustBundleCache.Kept("unreachable"), cache.last());
    }

    @Test
    void withoutAHintItComesBackAfterTheInterval() {
        TrustBundleCache cache = cache();
        answer = new TrustBundleCache.Document(
                new TrustBundle(List.of(ONE), Optional.empty(), Optional.empty(), List.of()).write(), Optional.empty());
        assertEquals(TrustBundleCache.EVERY, cache.step());
    }

    @Test
    void aClockThatWasTurnedBackDoesNotStopTheRefresh() {
        TrustBundleCache cache = cache();
        answer = new TrustBundleCache.Document(bundle(1, Duration.ofHours(1), ONE), Optional.empty());
        cache.step();
        clock.turn(Duration.ofDays(-365));
        cache.step();
        assertEquals(2, asked.size());
    }

    @Test
    void aDamagedCacheFileCountsAsNoneAndIsMendedByTheNextRefresh() throws IOException {
        Files.writeString(folder.resolve("bundle.json"), "{\"keys\": [");
        TrustBundleCache cache = cache();
        assertTrue(cache.isEmpty());
        assertTrue(cache.last() instanceof TrustBundleCache.Kept(var reason) && reason.contains("bundle.json"));
        answer = new TrustBundleCache.Document(bundle(1, Duration.ofHours(1), ONE), Optional.empty());
        cache.step();
        assertEquals(List.of(ONE), cache().get().anchors());
    }
}
