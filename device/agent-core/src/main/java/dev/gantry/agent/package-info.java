// SPDX-License-Identifier: Apache-2.0
/// The device's management client as steps over a journal. It knows no socket, no file and no clock of its own.
///
/// Two differences drive a device: what is wanted minus what runs gives actions, what is true minus what was told
/// gives
/// reports. Neither is stored, so neither can be lost or doubled by a power cut. Start with [Todo], which
/// decides, and
/// [Agent], which does one thing at a time.
@NullMarked
package dev.gantry.agent;

import org.jspecify.annotations.NullMarked;
