// SPDX-License-Identifier: Apache-2.0
package dev.gantry.registry;

import dev.gantry.content.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// The settings of the registry.
///
/// @param state where content and push token lie; one process at a time
/// @param listen address and port; plain HTTP, which Docker accepts on loopback as it is
/// @param user who may push
/// @param anonymousPull whether everybody may pull
record RegistryConfig(Path state, InetSocketAddress listen, String user, boolean anonymousPull) {
    static RegistryConfig from(Settings settings) {
        var config = new RegistryConfig(
                settings.path("state.dir", Path.of("registry")),
                settings.address("listen", "127.0.0.1:5000"),
                settings.text("push.user", "gantry"),
                settings.bool("pull.anonymous", true));
        settings.rejectUnused();
        return config;
    }

    Path content() {
        return state.resolve("content");
    }

    Path tokenFile() {
        return state.resolve("push-token");
    }
}
