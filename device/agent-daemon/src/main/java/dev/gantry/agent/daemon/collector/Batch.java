// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon.collector;

import dev.gantry.content.Blob;
import java.time.Instant;

/// One message of a workload, byte for byte.
///
/// @param received by the device's clock, to the millisecond
/// @param message an `ExportTraceServiceRequest` or its like, as it came, unpacked
public record Batch(Signal signal, Encoding encoding, Instant received, Blob message) {}
