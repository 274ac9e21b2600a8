// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent;

/// Where the memory survives power cuts. What was saved is what is loaded; a save that was cut off changed nothing.
public interface Journal {
    /// The memory that was saved last; [Memory#EMPTY] before the first time.
    Memory load();

    /// Makes a memory durable before it returns.
    void save(Memory memory);
}
