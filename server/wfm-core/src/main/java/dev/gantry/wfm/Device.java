// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm;

import dev.gantry.content.Read;
import dev.gantry.spec.Capabilities;
import dev.gantry.spec.ClientId;
import java.time.Instant;

/// A device as a client has reported it; its id means something only together with the client's (MI-009).
public record Device(ClientId client, Read<Capabilities> capabilities, Instant reported) {}
