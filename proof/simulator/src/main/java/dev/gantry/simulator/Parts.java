// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import dev.gantry.agent.Artifacts;
import dev.gantry.agent.Journal;
import dev.gantry.agent.runtime.Runtime;
import dev.gantry.content.Blobs;
import dev.gantry.spec.ClientId;
import dev.gantry.wfm.Store;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Transport;
import java.util.function.BiFunction;

/// The ports of a run as they should be. A test puts a broken one in place of a sound one, to see that it is found.
/// Each is asked for at every start of its process, so that what it holds in memory is lost by a power cut.
public interface Parts {
    Parts SOUND = new Parts() {};

    default Store store(Store sound) {
        return sound;
    }

    /// The WFM as the network reaches it: who asks, and what.
    default BiFunction<ClientId, Request, Response> wfm(BiFunction<ClientId, Request, Response> sound) {
        return sound;
    }

    /// What a WFM does after its store was restored from a backup, before it serves.
    default Runnable restored(Runnable sound) {
        return sound;
    }

    default Transport transport(Transport sound) {
        return sound;
    }

    default Journal journal(Journal sound) {
        return sound;
    }

    default Blobs documents(Blobs sound) {
        return sound;
    }

    default Artifacts artifacts(Artifacts sound) {
        return sound;
    }

    default Runtime runtime(Runtime sound) {
        return sound;
    }
}
