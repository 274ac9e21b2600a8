// SPDX-License-Identifier: Apache-2.0
/// The device's OpenTelemetry collector: takes OTLP over HTTP from workloads and keeps it in a bounded ring on
/// disk. Nothing leaves the device (OB-006).
///
/// Read [Collector] first, then [OtlpHandler] and [SignalRing].
@NullMarked
package dev.gantry.agent.daemon.collector;

import org.jspecify.annotations.NullMarked;
