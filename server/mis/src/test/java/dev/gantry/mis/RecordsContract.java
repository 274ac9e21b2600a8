// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Digest;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.TrustDomain;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What every version of the records does.
abstract class RecordsContract {
    static final TrustDomain FACTORY = new TrustDomain("factory.example");
    private static final Instant LATER = Instant.parse("2026-02-01T00:00:00Z");
    private static final int WRITERS = 8;

    /// Records of [#FACTORY] that know nothing yet.
    abstract Records fresh();

    static State.Token token(String id) {
        var identity = new MargoIdentity.Client(FACTORY, "plant-a", id);
        return new State.Token(
                Digest.of(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)), identity, LATER, 0, null);
    }

    @Test
    void aChangeIsThePresentState() {
        Records records = fresh();
        State changed = records.state().with("one", token("one"));
        assertTrue(records.replace(records.state(), changed));
        assertEquals(changed, records.state());
    }

    @Test
    void aChangeOfAnOlderStateIsNotMade() {
        Records records = fresh();
        State first = records.state();
        State one = first.with("one", token("one"));
        assertTrue(records.replace(first, one));
        assertFalse(records.replace(first, first.with("two", token("two"))));
        assertEquals(one, records.state());
    }

    @Test
    void noneOfManyChangesIsLost() throws Exception {
        Records records = fresh();
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                String id = "token-" + i;
                tasks.execute(() -> {
                    State from;
                    do {
                        from = records.state();
                    } while (!records.replace(from, from.with(id, token(id))));
                });
            }
        }
        assertEquals(WRITERS, records.state().tokens().size());
    }
}
