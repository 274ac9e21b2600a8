// SPDX-License-Identifier: Apache-2.0
package dev.gantry.launcher;

import org.jspecify.annotations.Nullable;

/// A file of the installation is missing or makes no sense; the message names it.
final class DamagedInstallation extends Exception {
    private static final long serialVersionUID = 1;

    DamagedInstallation(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
