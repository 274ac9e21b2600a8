// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.nio.file.Path;
import java.util.function.Consumer;

/// Where instances live: in processes of their own, or in this one.
interface Carrier extends AutoCloseable {
    /// Starts an instance.
    ///
    /// @param events told in order, from another thread; [Event.Ended] exactly once and last, also when it
    ///     could not be started at all
    Carried start(Launch launch, Consumer<Event> events);

    /// Makes sure that no instance of an earlier agent is left.
    ///
    /// @param locks folder of the locks of one workload
    void clear(Path locks);

    @Override
    void close();

    /// A started instance.
    interface Carried {
        /// Asks it to end; it is told when it did.
        void stop();

        /// Ends it now.
        void kill();
    }
}
