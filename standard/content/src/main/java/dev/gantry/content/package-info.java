// SPDX-License-Identifier: Apache-2.0
/// Bytes that never change, named by their digest, and the trees of JSON and YAML that are read from them.
///
/// Start with [Blob]: it is what the rest of the system stores, hashes, sends and forwards. Everything else here
/// turns a blob into something to decide about ([Json], [Yaml], [Archive]) or says why that was not possible
/// ([Fault]).
@NullMarked
package dev.gantry.content;

import org.jspecify.annotations.NullMarked;
