// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.http.HttpServer;
import dev.gantry.http.ListenerConfig;
import dev.gantry.http.ListenerLimits;
import dev.gantry.http.ServerTls;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.EndpointAuthority;
import dev.gantry.identity.PeerRule;
import dev.gantry.identity.SpkiPin;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.enrolment.CredentialRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A running identity service: its locked folder and its two listeners.
final class Mis implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 2_000;

    /// A connection for renewals is short, so that a holder whose identity another device took over is gone soon
    /// (ID-049).
    private static final Duration RENEWAL_CONNECTION = Duration.ofMinutes(5);

    private final FolderLock lock;
    private final HttpServer open;
    private final HttpServer renewal;
    private final Addresses addresses;
    private final SpkiPin pin;

    private Mis(FolderLock lock, HttpServer open, HttpServer renewal, Addresses addresses, SpkiPin pin) {
        this.lock = lock;
        this.open = open;
        this.renewal = renewal;
        this.addresses = addresses;
        this.pin = pin;
    }

    /// Opens the folder and listens. What cannot be had is a fault, and nothing stays open then.
    static Mis start(MisConfig config, MisLimits limits, InstantSource clock, SecureRandom chance) {
        Disk.createFolder(config.state());
        FolderLock lock = FolderLock.of(config.state());
        try {
            return start(config, limits, clock, chance, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Mis start(
            MisConfig config, MisLimits limits, InstantSource clock, SecureRandom chance, FolderLock lock) {
        Vault vault = Vault.open(config.state(), config.trustDomain(), clock, chance);
        var endpoints = new EndpointAuthority(vault.endpoints(), clock, chance);
        Disk.replace(pinFile(config.state()), Blob.utf8(endpoints.pin().value()));
        var bundle = vault.bundle(config.bundleRefresh());
        var authority = new CertificateAuthority(config.trustDomain(), vault.authority(), clock, chance);
        var addresses = new AtomicReference<@Nullable Addresses>();
        var issuer = new Issuer(authority, config.svidValidity(), bundle, () -> present(addresses));
        var enrolments = new Enrolments(vault.records(), issuer, limits, clock, chance);
        var credential = new EndpointCredential(endpoints, hosts(config), clock);
        var check = new SvidCheck(config.trustDomain(), bundle::value, clock);
        PeerRule holders = RenewalHandler.holders(check, enrolments);
        var handler = new OpenHandler(config.trustDomain(), issuer, enrolments, endpoints.pin(), vault.adminKey());

        HttpServer renewal = HttpServer.start(
                listener("renewals", config.renewal().address(), ServerTls.mutual(credential, holders::identify), clock)
                        .within(limits().with(shortLived())),
                new RenewalHandler(enrolments));
        HttpServer open;
        try {
            open = HttpServer.start(
                    listener("identity service", config.open().address(), ServerTls.open(credential), clock)
                            .within(limits()),
                    handler);
        } catch (RuntimeException e) {
            renewal.close();
            throw e;
        }
        Addresses reached = reached(config, open.port(), renewal.port());
        addresses.set(reached);
        return new Mis(lock, open, renewal, reached, endpoints.pin());
    }

    private static Addresses present(AtomicReference<@Nullable Addresses> addresses) {
        Addresses present = addresses.get();
        if (present == null) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "the identity service is still starting");
        }
        return present;
    }

    private static ListenerConfig listener(String name, InetSocketAddress address, ServerTls tls, InstantSource clock) {
        return ListenerConfig.of(name, address.getAddress().getHostAddress(), address.getPort())
                .over(tls)
                .by(clock);
    }

    private static ListenerLimits limits() {
        ListenerLimits.Sizes usual = ListenerLimits.Sizes.DEFAULT;
        var sizes = new ListenerLimits.Sizes(
                usual.headerBytes(),
                usual.targetBytes(),
                CredentialRequest.BYTES,
                MOST_CONNECTIONS,
                usual.pipelined(),
                usual.bytesPerSecond());
        return new ListenerLimits(sizes, ListenerLimits.Times.DEFAULT);
    }

    private static ListenerLimits.Times shortLived() {
        ListenerLimits.Times usual = ListenerLimits.Times.DEFAULT;
        return new ListenerLimits.Times(
                usual.handshake(), usual.idle(), usual.request(), usual.stall(), RENEWAL_CONNECTION, usual.drain());
    }

    /// The names that the listeners' certificate is for.
    private static Set<String> hosts(MisConfig config) {
        var hosts = new LinkedHashSet<String>();
        for (MisConfig.Listener listener : new MisConfig.Listener[] {config.open(), config.renewal()}) {
            listener.url().ifPresent(url -> hosts.add(bare(url.getHost())));
            if (!listener.address().getAddress().isAnyLocalAddress()) {
                hosts.add(listener.address().getAddress().getHostAddress());
                hosts.add(listener.address().getHostString());
            }
        }
        return hosts;
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static Addresses reached(MisConfig config, int openPort, int renewalPort) {
        URI open =
                config.open().url().orElseGet(() -> url(config.open().address().getHostString(), openPort));
        return new Addresses(open, config.renewal().url().orElseGet(() -> url(bare(open.getHost()), renewalPort)));
    }

    private static URI url(String host, int port) {
        try {
            return new URI("https", null, host, port, null, null, null);
        } catch (URISyntaxException e) {
            throw new Fault(Fault.Kind.INVALID, "no URL can be made of the host " + host, e);
        }
    }

    static Path pinFile(Path state) {
        return state.resolve("pin");
    }

    Addresses addresses() {
        return addresses;
    }

    SpkiPin pin() {
        return pin;
    }

    @Override
    public void close() {
        open.close();
        renewal.close();
        lock.close();
    }
}
