// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.spec.ClientId;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.ManifestVersion;
import dev.gantry.spec.Requirement;
import dev.gantry.spec.State;
import dev.gantry.wire.rc3.Paths;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every [Store] does. A test class of a store extends this and says how it is opened; every test begins with a
/// store that holds nothing. Times are kept to the millisecond at least.
public abstract class StoreContract {
    private static final ClientId PRESS = new ClientId("press");
    private static final ClientId OVEN = new ClientId("oven");
    private static final ManifestVersion ONE = ManifestVersion.FIRST;
    private static final ManifestVersion TWO = ONE.next();

    /// The store of this test. Called again, it is opened anew over the same data, as after a restart.
    protected abstract Store opened();

    private Store storeWith(Change... changes) {
        Store store = opened();
        store.commit(List.of(changes));
        return store;
    }

    private static Change put(ClientId id) {
        return new Change.ClientPut(new Client(id, Client.Standing.ACCEPTED, Samples.TIME));
    }

    private static Head head(ManifestVersion version, String content, int... numbers) {
        SortedMap<DeploymentId, Blob> documents = new TreeMap<>();
        for (int number : numbers) {
            documents.put(Samples.deploymentId(number), Samples.document(number, content));
        }
        return Head.of(Paths.ROOT, version, documents);
    }

    private static Change advance(ClientId id, Optional<ManifestVersion> from, Head to) {
        return new Change.HeadAdvanced(id, from, to);
    }

    private static Change first(ClientId id) {
        return advance(id, Optional.empty(), head(ONE, "first"));
    }

    private ClientView stored(ClientId id) {
        return opened().client(id).orElseThrow();
    }

    private static void assertKind(Fault.Kind kind, Store store, Change... changes) {
        Fault fault = assertThrows(Fault.class, () -> store.commit(List.of(changes)));
        assertEquals(kind, fault.kind(), fault.getMessage());
    }

    @Test
    void aNewStoreHoldsNothing() {
        assertEquals(Store.Snapshot.EMPTY, opened().load());
        assertEquals(Optional.empty(), opened().client(PRESS));
    }

    @Test
    void everyKindOfChangeIsThereAfterARestart() {
        Deployment deployment = Samples.deployment(PRESS, 1, TWO);
        var changes = List.of(
                put(PRESS),
                first(PRESS),
                new Change.DevicePut(Samples.device(PRESS, "press-07")),
                new Change.DeploymentPut(deployment),
                advance(PRESS, Optional.of(ONE), head(TWO, "first", 1)),
                new Change.StatusPut(PRESS, Samples.status(1, TWO, State.INSTALLED)));
        ClientView expected = ClientView.of(new Client(PRESS, Client.Standing.ACCEPTED, Samples.TIME));
        Store store = opened();
        for (Change change : changes) {
            store.commit(List.of(change));
            expected = expected.after(change);
            assertEquals(Optional.of(expected), store.client(PRESS), change.toString());
        }
        assertEquals(expected, stored(PRESS));
        assertEquals(List.of(expected), opened().load().clients());
    }

    @Test
    void changesOfOneCommitBuildOnEachOther() {
        storeWith(put(PRESS), first(PRESS), advance(PRESS, Optional.of(ONE), head(TWO, "first", 1)));
        assertEquals(Optional.of(head(TWO, "first", 1)), stored(PRESS).head());
        assertEquals(Optional.of(head(ONE, "first")), stored(PRESS).before());
    }

    @Test
    void aClientThatStandsDifferentlyKeepsWhatBelongsToIt() {
        Store store = storeWith(put(PRESS), first(PRESS));
        store.commit(List.of(new Change.ClientPut(Samples.client("press", Client.Standing.RETIRED))));
        assertEquals(Client.Standing.RETIRED, stored(PRESS).client().standing());
        assertTrue(stored(PRESS).head().isPresent());
    }

    @Test
    void clientsComeInTheOrderOfTheirIds() {
        storeWith(put(PRESS), put(OVEN), put(new ClientId("Zebra")));
        assertEquals(
                List.of("Zebra", "oven", "press"),
                opened().load().clients().stream()
                        .map(view -> view.client().id().value())
                        .toList());
    }

    @Test
    @Requirement({"MI-064", "MI-065", "DP-019"})
    void theBytesOfTheNewestManifestAndTheOneBeforeAreKept() {
        Head second = head(TWO, "first", 1, 2);
        Head third = head(TWO.next(), "second", 2);
        storeWith(
                put(PRESS),
                first(PRESS),
                advance(PRESS, Optional.of(ONE), second),
                advance(PRESS, Optional.of(TWO), third));
        ClientView view = stored(PRESS);
        assertEquals(Optional.of(third), view.head());
        assertEquals(Optional.of(second), view.before());
        Blob old = Samples.document(1, "first");
        assertEquals(Optional.of(old), view.document(Samples.deploymentId(1), old.digest()));
        assertEquals(second.bundle(), view.bundle(second.bundle().orElseThrow().digest()));
    }

    @Test
    @Requirement({"MI-041", "MI-042"})
    void aManifestFromAnotherVersionIsAConflictAndNothingOfItsCommitStays() {
        Store store = storeWith(put(PRESS), first(PRESS), advance(PRESS, Optional.of(ONE), head(TWO, "first", 1)));
        ClientView before = stored(PRESS);
        assertKind(
                Fault.Kind.CONFLICT,
                store,
                new Change.DeploymentPut(Samples.deployment(PRESS, 2, TWO)),
                advance(PRESS, Optional.of(ONE), head(TWO, "other", 2)));
        assertKind(Fault.Kind.CONFLICT, store, first(PRESS));
        assertKind(Fault.Kind.CONFLICT, store, advance(PRESS, Optional.of(TWO.next()), head(TWO.plus(2), "other", 2)));
        assertEquals(before, stored(PRESS));
    }

    @Test
    void aFirstManifestWithAVersionBeforeItIsAConflict() {
        assertKind(Fault.Kind.CONFLICT, storeWith(put(PRESS)), advance(PRESS, Optional.of(ONE), head(TWO, "first", 1)));
    }

    @Test
    void aConflictOfOneClientUndoesTheChangesOfAnotherInTheSameCommit() {
        Store store = storeWith(put(PRESS), first(PRESS), put(OVEN), first(OVEN));
        assertKind(
                Fault.Kind.CONFLICT,
                store,
                advance(OVEN, Optional.of(ONE), head(TWO, "first", 1)),
                new Change.PackagePut(Samples.application("1.4.0")),
                advance(PRESS, Optional.of(TWO), head(TWO.next(), "first", 1)));
        assertEquals(Optional.of(ONE), stored(OVEN).head().map(Head::version));
        assertEquals(List.of(), opened().load().catalogue());
    }

    @Test
    void aChangeOfAClientThatIsNotThereIsMissingAndNothingOfItsCommitStays() {
        Store store = storeWith(put(OVEN));
        assertKind(
                Fault.Kind.MISSING,
                store,
                new Change.DevicePut(Samples.device(OVEN, "oven-1")),
                new Change.DevicePut(Samples.device(PRESS, "press-07")));
        assertTrue(stored(OVEN).devices().isEmpty());
        assertEquals(Optional.empty(), opened().client(PRESS));
    }

    @Test
    @Requirement("MI-040")
    void versionsAreUnsigned() {
        var large = new ManifestVersion(Long.MAX_VALUE);
        var larger = ManifestVersion.of(new BigDecimal("9223372036854775808"));
        var largest = ManifestVersion.of(new BigDecimal("18446744073709551615"));
        Store store = storeWith(
                put(PRESS),
                advance(PRESS, Optional.empty(), head(large, "first", 1)),
                advance(PRESS, Optional.of(large), head(larger, "second", 1)),
                new Change.DeploymentPut(Samples.deployment(PRESS, 1, larger)),
                new Change.StatusPut(PRESS, Samples.status(1, larger, State.INSTALLED)));
        store.commit(List.of(advance(PRESS, Optional.of(larger), head(largest, "third", 1))));
        ClientView view = stored(PRESS);
        assertEquals(Optional.of(largest), view.head().map(Head::version));
        assertEquals(Optional.of(larger), view.before().map(Head::version));
        assertEquals(larger, view.deployments().get(Samples.deploymentId(1)).since());
        assertEquals(
                larger, view.statuses().get(Samples.deploymentId(1)).status().adopted());
    }

    @Test
    @Requirement({"MI-008", "MI-009"})
    void twoClientsMayUseTheSameIds() {
        Store store = opened();
        for (ClientId client : List.of(PRESS, OVEN)) {
            store.commit(List.of(
                    put(client),
                    first(client),
                    new Change.DevicePut(Samples.device(client, "press-07")),
                    new Change.DeploymentPut(Samples.deployment(client, 1, TWO)),
                    advance(client, Optional.of(ONE), head(TWO, client.value(), 1)),
                    new Change.StatusPut(client, Samples.status(1, TWO, State.INSTALLED))));
        }
        ClientView oven = stored(OVEN);
        store.commit(List.of(
                new Change.DeviceDropped(PRESS, Samples.deviceId("press-07")),
                new Change.DeploymentDropped(PRESS, Samples.deploymentId(1))));
        assertEquals(oven, stored(OVEN));
        assertTrue(stored(PRESS).devices().isEmpty());
        assertTrue(stored(PRESS).deployments().isEmpty());
    }

    @Test
    void whatIsPutAgainReplacesWhatWasThere() {
        Deployment deployment = Samples.deployment(PRESS, 1, ONE);
        Device changed = new Device(PRESS, Samples.capabilities("press-07", "helm"), Samples.TIME.plusSeconds(1));
        storeWith(
                put(PRESS),
                new Change.DevicePut(Samples.device(PRESS, "press-07")),
                new Change.DeploymentPut(deployment),
                new Change.StatusPut(PRESS, Samples.status(1, ONE, State.INSTALLING)),
                new Change.DevicePut(changed),
                new Change.DeploymentPut(deployment.withdrawnAt(TWO)),
                new Change.StatusPut(PRESS, Samples.status(1, TWO, State.REMOVED)));
        ClientView view = stored(PRESS);
        assertEquals(List.of(changed), List.copyOf(view.devices().values()));
        assertEquals(
                List.of(deployment.withdrawnAt(TWO)),
                List.copyOf(view.deployments().values()));
        assertEquals(
                List.of(Samples.status(1, TWO, State.REMOVED)),
                List.copyOf(view.statuses().values()));
    }

    @Test
    void aDroppedDeploymentTakesItsStatusAlong() {
        Store store = storeWith(
                put(PRESS),
                new Change.DeploymentPut(Samples.deployment(PRESS, 1, ONE)),
                new Change.StatusPut(PRESS, Samples.status(1, ONE, State.REMOVED)));
        store.commit(List.of(new Change.DeploymentDropped(PRESS, Samples.deploymentId(1))));
        assertTrue(stored(PRESS).deployments().isEmpty());
        assertTrue(stored(PRESS).statuses().isEmpty());
    }

    @Test
    void droppingWhatIsNotThereChangesNothing() {
        Store store = storeWith(put(PRESS));
        ClientView before = stored(PRESS);
        store.commit(List.of(
                new Change.DeviceDropped(PRESS, Samples.deviceId("press-07")),
                new Change.DeploymentDropped(PRESS, Samples.deploymentId(1))));
        assertEquals(before, stored(PRESS));
    }

    @Test
    void aChildBehindAGatewayKeepsItsSlash() {
        storeWith(
                put(PRESS),
                new Change.DevicePut(Samples.device(PRESS, "gateway")),
                new Change.DevicePut(Samples.device(PRESS, "gateway/a/b")));
        assertEquals(
                List.of("gateway", "gateway/a/b"),
                stored(PRESS).devices().keySet().stream().map(Object::toString).toList());
    }

    @Test
    void theCatalogueKeepsEveryVersionByteForByte() {
        AppPackage older = Samples.application("1.4.0");
        AppPackage newer = Samples.application("1.10.0");
        storeWith(new Change.PackagePut(newer), new Change.PackagePut(older), new Change.PackagePut(newer));
        List<AppPackage> catalogue = new ArrayList<>(opened().load().catalogue());
        catalogue.sort((one, other) -> one.id().compareTo(other.id()));
        assertEquals(2, catalogue.size());
        assertSame(newer, catalogue.get(0));
        assertSame(older, catalogue.get(1));
    }

    private static void assertSame(AppPackage expected, AppPackage found) {
        assertEquals(expected.id(), found.id());
        assertEquals(expected.reference(), found.reference());
        assertEquals(expected.manifest(), found.manifest());
        assertEquals(expected.description().source(), found.description().source());
        assertEquals(expected.pins(), found.pins());
        assertEquals(expected.imported(), found.imported());
    }

    @Test
    @Requirement("MI-042")
    void ofManyThatAdvanceOneManifestExactlyOneWins() throws InterruptedException, ExecutionException {
        Store store = storeWith(put(PRESS), first(PRESS));
        int racers = 8;
        var start = new CountDownLatch(racers);
        int won = 0;
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<Future<Boolean>>();
            for (int racer = 1; racer <= racers; racer++) {
                Change change = advance(PRESS, Optional.of(ONE), head(TWO, "racer " + racer, racer));
                results.add(tasks.submit(race(store, change, start)));
            }
            for (Future<Boolean> result : results) {
                won += result.get() ? 1 : 0;
            }
        }
        assertEquals(1, won);
        assertEquals(Optional.of(TWO), stored(PRESS).head().map(Head::version));
        assertEquals(Optional.of(ONE), stored(PRESS).before().map(Head::version));
    }

    private static Callable<Boolean> race(Store store, Change change, CountDownLatch start) {
        return () -> {
            start.countDown();
            start.await();
            try {
                store.commit(List.of(change));
                return true;
            } catch (Fault fault) {
                assertEquals(Fault.Kind.CONFLICT, fault.kind(), fault.getMessage());
                return false;
            }
        };
    }
}
