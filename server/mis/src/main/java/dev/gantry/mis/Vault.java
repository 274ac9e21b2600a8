// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Read;
import dev.gantry.content.Secret;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.Credential;
import dev.gantry.identity.CredentialFolder;
import dev.gantry.identity.EndpointAuthority;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.TrustDomain;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/// What lies in the state folder: the authority of the trust domain, the root above the listeners' certificates,
/// the records, the admin key. Made at the first start; later it must all be there and of the same trust domain.
///
/// @param authority issues SVIDs; its certificate is the one anchor
/// @param endpoints its key is what clients pin
record Vault(Credential authority, Credential endpoints, Records records, Secret adminKey) {
    private static final Duration ROOT_VALIDITY = Duration.ofDays(3650);
    private static final int KEY_BYTES = 32;

    /// Opens the folder, which its caller has locked.
    static Vault open(Path folder, TrustDomain domain, InstantSource clock, SecureRandom chance) {
        var authority = new CredentialFolder(folder.resolve("authority"));
        var endpoints = new CredentialFolder(folder.resolve("endpoints"));
        Records records = records(folder.resolve("records.json"), domain, authority);
        if (authority.isEmpty()) {
            authority.replace(
                    CertificateAuthority.newRoot(domain, KeyAlgorithm.ECDSA_P256, ROOT_VALIDITY, clock, chance));
        }
        if (endpoints.isEmpty()) {
            endpoints.replace(EndpointAuthority.newRoot("of " + domain, ROOT_VALIDITY, clock, chance));
        }
        if (!SvidCheck.claimed(authority.get().leaf()).equals(domain.id())) {
            throw Fault.invalid("the authority in " + folder + " is that of "
                    + SvidCheck.claimed(authority.get().leaf()) + ", not of the trust domain " + domain);
        }
        return new Vault(authority.get(), endpoints.get(), records, adminKey(folder.resolve("admin-key"), chance));
    }

    /// The records come first and the authority second, so that one without the other tells what happened: a
    /// first start that was cut off, or a lost file.
    private static Records records(Path file, TrustDomain domain, CredentialFolder authority) {
        if (!Files.exists(file)) {
            if (!authority.isEmpty()) {
                throw Fault.invalid(file + " is gone, but the authority beside it is there: without it nobody knows "
                        + "which tokens are spent; restore the state folder from a backup");
            }
            return FileRecords.create(file, domain);
        }
        Records records = FileRecords.open(file);
        State state = records.state();
        if (!state.trustDomain().equals(domain)) {
            throw Fault.invalid("the state folder " + file.getParent() + " is of the trust domain "
                    + state.trustDomain() + ", the setting trust-domain says " + domain + "; name another state.dir");
        }
        if (authority.isEmpty() && state.published().sequence() > 0) {
            throw Fault.invalid("the authority's key is gone from " + file.getParent()
                    + ", but the records know who it enrolled; restore the state folder from a backup");
        }
        return records;
    }

    private static Secret adminKey(Path file, SecureRandom chance) {
        try {
            if (!Files.exists(file)) {
                var bytes = new byte[KEY_BYTES];
                chance.nextBytes(bytes);
                Disk.replaceSecret(
                        file, Blob.utf8(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
            }
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw Fault.invalid("the admin key in " + file + " is empty; remove the file, and start again");
            }
            return new Secret(text);
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// The bundle to publish. Its sequence is raised, durably, when it says something else than at the last
    /// start.
    @Requirement({"ID-073", "ID-075", "ID-083"})
    Read<TrustBundle> bundle(Duration refresh) {
        while (true) {
            State from = records.state();
            var content = bundle(BigInteger.ZERO, refresh).write().digest();
            var next = new State.Published(from.published().sequence() + 1, content);
            boolean changed = !from.published().content().equals(content);
            if (!changed || records.replace(from, from.with(next))) {
                long sequence = records.state().published().sequence();
                return TrustBundle.read(
                        bundle(BigInteger.valueOf(sequence), refresh).write());
            }
        }
    }

    private TrustBundle bundle(BigInteger sequence, Duration refresh) {
        return TrustBundle.of(List.of(authority.leaf()), sequence, refresh);
    }
}
