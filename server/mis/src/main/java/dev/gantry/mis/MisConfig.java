// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import dev.gantry.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The settings of the identity service.
///
/// @param state where keys and records lie; one process at a time
/// @param open trust endpoints, enrolment, administration
/// @param renewal renewals
/// @param svidValidity of what is issued (ID-099)
/// @param bundleRefresh what readers of the bundle are asked to keep to
record MisConfig(
        TrustDomain trustDomain,
        Path state,
        Listener open,
        Listener renewal,
        Duration svidValidity,
        Duration bundleRefresh) {
    static final Duration SHORTEST_SVID = Duration.ofMinutes(1);
    static final Duration LONGEST_SVID = Duration.ofDays(366);

    /// One listener.
    ///
    /// @param url what others reach it under; empty: what it listens on
    record Listener(InetSocketAddress address, Optional<URI> url) {
        Listener {
            url.ifPresent(Listener::check);
            if (address.isUnresolved()) {
                throw Fault.invalid("the address " + address.getHostString() + " to listen on is not known");
            }
        }

        private static void check(URI url) {
            if (!"https".equals(url.getScheme())
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null
                    || url.getRawUserInfo() != null) {
                throw Fault.invalid("the setting url or renewal.url, " + url + ", is not https://host[:port][/path]");
            }
        }
    }

    static MisConfig from(Settings settings) {
        var open = new Listener(settings.address("listen", "127.0.0.1:9443"), settings.optionalUri("url"));
        var config = new MisConfig(
                settings.value("trust-domain", "a trust domain", TrustDomain::new),
                settings.path("state.dir", Path.of("mis")),
                open,
                new Listener(settings.address("renewal.listen", "127.0.0.1:9444"), settings.optionalUri("renewal.url")),
                settings.duration("svid.validity", Duration.ofDays(30)),
                settings.duration("bundle.refresh", Duration.ofMinutes(5)));
        settings.rejectUnused();
        if (open.url().isEmpty() && open.address().getAddress().isAnyLocalAddress()) {
            throw Fault.invalid("listen is on every address of this machine, so the setting url must say which one "
                    + "others use, such as https://mis.factory.example:9443");
        }
        if (config.svidValidity.compareTo(SHORTEST_SVID) < 0 || config.svidValidity.compareTo(LONGEST_SVID) > 0) {
            throw Fault.invalid("svid.validity is " + config.svidValidity + "; it must be " + SHORTEST_SVID + " to "
                    + LONGEST_SVID);
        }
        return config;
    }
}
