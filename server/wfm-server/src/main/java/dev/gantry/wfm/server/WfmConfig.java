// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wfm.server;

import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.content.Settings;
import dev.gantry.wire.rc3.Paths;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The settings of the WFM.
///
/// @param state where database, identity and operator key lie; one process at a time
/// @param device address of the device API: mutual TLS; port 443 in production (MI-004)
/// @param paths below which the device API is served
/// @param operator address of the operator API: plain HTTP, so on loopback only
/// @param token with which this WFM enrols at its first start
/// @param mis where tokens for devices are made, and the key for that; absent where devices get their SVIDs
///     elsewhere
/// @param connectionAge after which a device connects anew (ID-049)
record WfmConfig(
        Path state,
        InetSocketAddress device,
        Paths paths,
        InetSocketAddress operator,
        Optional<Secret> token,
        Optional<Mis> mis,
        Duration connectionAge) {
    /// The administration of the identity service.
    ///
    /// @param pin of its key, base64 of SHA-256 (RFC 7469)
    record Mis(URI url, String pin, Secret key) {}

    static WfmConfig from(Settings settings) {
        var config = new WfmConfig(
                settings.path("state.dir", Path.of("wfm")),
                settings.address("device.listen", "127.0.0.1:8443"),
                Paths.under(settings.text("device.base-path", "/")),
                settings.address("operator.listen", "127.0.0.1:8080"),
                settings.optionalSecret("enrol.token"),
                mis(settings),
                settings.duration("device.connection-age", Duration.ofHours(1)));
        settings.rejectUnused();
        if (!config.operator.getAddress().isLoopbackAddress()) {
            throw Fault.invalid("operator.listen is " + config.operator + ", but the operator API speaks plain HTTP: "
                    + "bind it to 127.0.0.1 and put a TLS proxy in front for others");
        }
        return config;
    }

    private static Optional<Mis> mis(Settings settings) {
        Optional<URI> url = settings.optionalUri("mis.url");
        Optional<String> pin = settings.optionalText("mis.pin");
        Optional<Secret> key = settings.optionalSecret("mis.admin-key");
        if (url.isPresent() && (pin.isEmpty() || key.isEmpty())) {
            throw Fault.invalid("mis.url needs mis.pin and mis.admin-key-file beside it");
        }
        return url.map(address -> new Mis(address, pin.orElseThrow(), key.orElseThrow()));
    }

    Path database() {
        return state.resolve("wfm.db");
    }

    Path identity() {
        return state.resolve("identity");
    }

    Path operatorKey() {
        return state.resolve("operator-key");
    }
}
