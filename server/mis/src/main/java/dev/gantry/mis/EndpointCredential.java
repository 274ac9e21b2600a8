// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.identity.Credential;
import dev.gantry.identity.EndpointAuthority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The certificate that both listeners present: made anew in memory when less than half of its life is left.
final class EndpointCredential implements Supplier<Credential> {
    private static final Duration VALIDITY = Duration.ofDays(30);

    private final EndpointAuthority authority;
    private final List<String> hosts;
    private final InstantSource clock;
    private @Nullable Credential present;

    EndpointCredential(EndpointAuthority authority, Collection<String> hosts, InstantSource clock) {
        this.authority = authority;
        this.hosts = List.copyOf(hosts);
        this.clock = clock;
    }

    @Override
    public synchronized Credential get() {
        Credential credential = present;
        if (credential == null || isHalfOver(credential)) {
            credential = authority.issue(hosts, VALIDITY);
            present = credential;
        }
        return credential;
    }

    private boolean isHalfOver(Credential credential) {
        return clock.instant()
                .plus(VALIDITY.dividedBy(2))
                .isAfter(credential.leaf().getNotAfter().toInstant());
    }
}
